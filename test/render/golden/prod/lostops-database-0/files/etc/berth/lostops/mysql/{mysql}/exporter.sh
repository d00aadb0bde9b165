#!/bin/bash
# The image reads this once, at the first start on an empty disk: the user of Prometheus' exporter, with the least that it needs.
quoted=${EXPORTER_PASSWORD//\\/\\\\}
quoted=${quoted//\'/\'\'}
docker_process_sql <<SQL
CREATE USER 'exporter'@'%' IDENTIFIED BY '$quoted' WITH MAX_USER_CONNECTIONS 3;
GRANT PROCESS, REPLICATION CLIENT ON *.* TO 'exporter'@'%';
GRANT SELECT ON performance_schema.* TO 'exporter'@'%';
SQL
unset quoted
