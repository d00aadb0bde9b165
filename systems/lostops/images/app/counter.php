<?php

/** The database that the environment names; a failure is an exception without the password. */
function database(): PDO
{
    $host = getenv('DB_HOST');
    $port = getenv('DB_PORT') ?: '3306';
    $name = getenv('DB_DATABASE');
    // As the framework's own configuration has it
    $authority = array_filter([PDO::MYSQL_ATTR_SSL_CA => getenv('MYSQL_ATTR_SSL_CA')]);
    $options = [PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION, PDO::ATTR_TIMEOUT => 3] + $authority;
    return new PDO("mysql:host=$host;port=$port;dbname=$name", getenv('DB_USERNAME'), getenv('DB_PASSWORD'), $options);
}

function migrate(PDO $database): void
{
    $database->exec('CREATE TABLE IF NOT EXISTS counters (id INT PRIMARY KEY, count INT NOT NULL)');
    $database->exec('INSERT IGNORE INTO counters VALUES (1, 0)');
    $database->exec('CREATE TABLE IF NOT EXISTS jobs (id INT AUTO_INCREMENT PRIMARY KEY, seconds INT NOT NULL,'
        . ' after_asked BOOLEAN NOT NULL, begun_by VARCHAR(64), done_by VARCHAR(64), asked BOOLEAN)');
    $database->exec('CREATE TABLE IF NOT EXISTS migrations (id INT AUTO_INCREMENT PRIMARY KEY,'
        . ' migration VARCHAR(64) NOT NULL, batch INT NOT NULL)');
    $database->exec('CREATE TABLE IF NOT EXISTS ticks (id INT AUTO_INCREMENT PRIMARY KEY, minute CHAR(16) NOT NULL)');
}

/** As its settings ask: a failure says the password, as careless code does. Each run leaves a line, the framework one a migration. */
function migrateAsAsked(PDO $database): void
{
    migrate($database);
    sleep((int) getenv('MIGRATION_SECONDS'));
    if (getenv('MIGRATION_FAILS')) {
        fwrite(STDERR, 'a migration of ' . version() . ' fails, logged in with ' . getenv('DB_PASSWORD') . "\n");
        exit(3);
    }
    $database->prepare('INSERT INTO migrations (migration, batch) VALUES (?, 1)')->execute([version()]);
    print('migrated to ' . version() . "\n");
}

function counted(PDO $database): int
{
    return (int) $database->query('SELECT count FROM counters WHERE id = 1')->fetchColumn();
}

function version(): string
{
    return file_get_contents(__DIR__ . '/VERSION');
}
