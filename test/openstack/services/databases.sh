#!/bin/bash
# Writes the services' settings, and makes their databases, their users and their user of the message bus
set -euo pipefail
bus() { RABBITMQ_NODENAME=rabbit@localhost rabbitmqctl "$@"; }
with_keystone=(--keystone-user keystone --keystone-group keystone)
keystone=http://127.0.0.1:5000/v3

/cloud/configure.py
mkdir -p /run/mysqld /var/log/cloud /etc/keystone/fernet-keys /etc/keystone/credential-keys
for user in glance nova neutron cinder; do mkdir -p "/var/lib/$user/lock"; done
chown mysql /run/mysqld
chown -R keystone:keystone /etc/keystone

mariadbd --user=mysql --bind-address=127.0.0.1 --skip-name-resolve --innodb-flush-log-at-trx-commit=0 &
until mariadb -e 'SELECT 1' >/dev/null 2>&1; do sleep 0.3; done
for name in keystone glance placement nova nova_api nova_cell0 neutron cinder; do
  mariadb -e "CREATE DATABASE $name; GRANT ALL ON $name.* TO '${name%%_*}'@'127.0.0.1' IDENTIFIED BY 'password'"
done

ml2=/etc/neutron/plugins/ml2/ml2_conf.ini
neutron-db-manage --config-file /etc/neutron/neutron.conf --config-file "$ml2" upgrade head &
neutron=$!
keystone-manage db_sync
keystone-manage fernet_setup "${with_keystone[@]}"
keystone-manage credential_setup "${with_keystone[@]}"
keystone-manage bootstrap --bootstrap-password password --bootstrap-region-id GRA7 \
  --bootstrap-public-url "$keystone" --bootstrap-internal-url "$keystone" --bootstrap-admin-url "$keystone"
placement-manage db sync
nova-manage api_db sync
nova-manage cell_v2 map_cell0 --database_connection mysql+pymysql://nova:password@127.0.0.1/nova_cell0
nova-manage cell_v2 create_cell --name=cell1
nova-manage db sync
cinder-manage db sync
glance-manage db_sync
wait "$neutron"
mariadb neutron </cloud/agent.sql
for user in keystone glance placement nova neutron cinder; do
  chown -R "$user:$user" "/var/log/$user" "/var/lib/$user"
done

setpriv --reuid keystone --regid keystone --init-groups \
  uwsgi --plugin python3 --http-socket 127.0.0.1:5000 --wsgi-file /usr/bin/keystone-wsgi-public --need-app --die-on-term &
catalog=$!
/cloud/catalog.py
kill "$catalog"

mariadb-admin shutdown

RABBITMQ_NODENAME=rabbit@localhost setpriv --reuid rabbitmq --regid rabbitmq --init-groups \
  env HOME=/var/lib/rabbitmq rabbitmq-server &
until bus await_startup >/dev/null 2>&1; do sleep 1; done
bus add_user openstack password
bus set_permissions openstack '.*' '.*' '.*'
bus stop
