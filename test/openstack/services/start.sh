#!/bin/bash
# Runs the services until the first of them ends. Each writes to /var/log/cloud/<name>.
set -euo pipefail
# As clients of the cloud reach this machine: the catalog names it
address=$(hostname --ip-address)
export OS_NEUTRON_CONFIG_FILES='neutron.conf;plugins/ml2/ml2_conf.ini'
mkdir -p /var/log/cloud /run/mysqld
chown mysql /run/mysqld

# as <user> <name> <command…>: a service in the background, without the right to change the machine
as() {
  local user=$1 name=$2
  shift 2
  setpriv --reuid "$user" --regid "$user" --init-groups env HOME="/var/lib/$user" "$@" >>"/var/log/cloud/$name" 2>&1 &
}

# api <user> <port> <program> <processes> <threads>. Programs that eventlet has patched hang with more than one thread. One
# process starts at once, and another for each + that is written to /var/lib/<user>/processes.
# The folder is one that nothing changes: Python's index of plugins, which is kept, is valid as long as its time is the same.
api() {
  local processes=(--processes "$4")
  (($4 == 1)) || processes+=(--cheaper 1 --cheaper-algo manual --master-fifo "/var/lib/$1/processes")
  as "$1" "$1-api" uwsgi --plugin python3 --http-socket ":$2" --wsgi-file "/usr/bin/$3" --chdir /opt \
    "${processes[@]}" --threads "$5" --enable-threads --lazy-apps --master --die-on-term --no-orphans --need-app \
    --buffer-size 65535 --socket-timeout 120 --add-header 'Connection: close' --set "start-time=$EPOCHSECONDS"
}

# until_answers <seconds> <command…>
until_answers() {
  local deadline=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    ((SECONDS < deadline)) || { echo "no answer: $*" >&2 && exit 1; }
    sleep 0.3
  done
}

as mysql database mariadbd --bind-address=127.0.0.1 --max-connections=2000 --skip-name-resolve \
  --innodb-flush-log-at-trx-commit=0 --performance-schema=OFF
RABBITMQ_NODENAME=rabbit@localhost as rabbitmq bus rabbitmq-server
as memcache memory memcached --listen=127.0.0.1
# service <user> <program> <module> <port…>
service() {
  local user=$1
  shift
  as "$user" "$1" python3 /cloud/service.py "$@"
}
service nova nova-conductor nova.cmd.conductor 3306 5672
service nova nova-scheduler nova.cmd.scheduler 3306 5672
service cinder cinder-scheduler cinder.cmd.scheduler 3306 5672
service cinder cinder-volume volume 3306 5672
# It asks Keystone and Placement as soon as it starts, and not again for a minute
service nova nova-compute compute 5672 5000 8778
until_answers 120 mariadb -e 'SELECT 1'
mariadb -e "UPDATE keystone.endpoint SET url = REGEXP_REPLACE(url, '^http://[^:]*:', 'http://$address:')"

api keystone 5000 keystone-wsgi-public 1 6
api glance 9292 glance-wsgi-api 1 1
api placement 8778 placement-api 1 4
api nova 8774 nova-api-wsgi 2 1
api neutron 9696 neutron-api 2 1
api cinder 8776 cinder-wsgi 1 4
rm -rf /srv/swift && install -d -o swift -g swift /srv/swift
as swift swift python3 /cloud/object_store.py

# By then all have started
sleep 60
for name in nova neutron; do echo + >"/var/lib/$name/processes"; done

wait -n
echo 'a service of the cloud has ended' >&2
exit 1
