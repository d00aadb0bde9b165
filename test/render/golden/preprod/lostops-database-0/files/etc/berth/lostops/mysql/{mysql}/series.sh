#!/bin/bash
# The image reads this once, at the first start on an empty disk: whose data they are
echo "$MYSQL_SERIES" >/var/lib/mysql/berth.series
