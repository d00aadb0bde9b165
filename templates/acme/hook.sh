#!/bin/bash
# Called by dehydrated at each of its steps: a certificate that has been renewed is taken up at once
set -eu
[[ $1 != deploy_cert ]] || systemctl reload nginx.service
