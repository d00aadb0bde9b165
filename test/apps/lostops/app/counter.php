<?php

/** The database that the environment names; a failure is an exception without the password. */
function database(): PDO
{
    $host = getenv('DB_HOST');
    $port = getenv('DB_PORT') ?: '3306';
    $name = getenv('DB_DATABASE');
    $options = [PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION, PDO::ATTR_TIMEOUT => 3];
    return new PDO("mysql:host=$host;port=$port;dbname=$name", getenv('DB_USERNAME'), getenv('DB_PASSWORD'), $options);
}

function migrate(PDO $database): void
{
    $database->exec('CREATE TABLE IF NOT EXISTS counters (id INT PRIMARY KEY, count INT NOT NULL)');
    $database->exec('INSERT IGNORE INTO counters VALUES (1, 0)');
}

function counted(PDO $database): int
{
    return (int) $database->query('SELECT count FROM counters WHERE id = 1')->fetchColumn();
}
