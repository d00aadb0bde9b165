-- Brings the users to the passwords and rights that the release says, at each start
\set QUIET on
\set ON_ERROR_STOP on
\getenv database POSTGRES_DB
\getenv owner POSTGRES_USER
\getenv password POSTGRES_PASSWORD
\getenv exporter_password EXPORTER_PASSWORD
-- A statement that fails is not logged with its password
SET log_min_error_statement = panic;
SET client_min_messages = warning;

SELECT format('CREATE ROLE %I LOGIN', name) FROM (VALUES (:'owner'), ('exporter')) AS wanted (name)
  WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec
ALTER ROLE :"owner" NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD :'password';
ALTER ROLE exporter LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION CONNECTION LIMIT 3 PASSWORD :'exporter_password';
GRANT pg_monitor TO exporter;

SELECT format('CREATE DATABASE %I OWNER %I TEMPLATE template0', :'database', :'owner')
  WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database') \gexec
REVOKE ALL ON DATABASE :"database", postgres, template1 FROM PUBLIC;
GRANT CONNECT ON DATABASE postgres TO exporter;
