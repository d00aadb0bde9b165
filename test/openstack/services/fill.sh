#!/bin/bash
# Starts the services once, and puts into them what a region of OVH's has
set -euo pipefail
echo c10d0000-0000-4000-8000-000000000001 >/var/lib/nova/compute_id

/cloud/start.sh &
services=$!
/cloud/region.py || { tail -n 20 /var/log/cloud/* && exit 1; }
nova-manage cell_v2 discover_hosts

kill "$services"
RABBITMQ_NODENAME=rabbit@localhost rabbitmqctl stop
mariadb-admin shutdown
pkill uwsgi
pkill -f '/cloud/(service|object_store).py'
rm -f /var/log/cloud/*
