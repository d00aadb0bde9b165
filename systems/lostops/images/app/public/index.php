<?php

require __DIR__ . '/../counter.php';
require __DIR__ . '/../queue.php';

ini_set('display_errors', '0');
try {
    answer(database(), $_SERVER['REQUEST_METHOD'], parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH));
} catch (PDOException $failure) {
    error_log($failure->getMessage());
    http_response_code(503);
    echo 'the database does not answer';
}

function answer(PDO $database, string $method, string $path): void
{
    header('Content-Type: text/plain');
    if ($path === '/health') {
        counted($database);
        echo version();
    } elseif ($path === '/counter' && $method === 'POST') {
        $database->exec('UPDATE counters SET count = count + 1 WHERE id = 1');
        echo counted($database);
    } elseif ($path === '/counter') {
        echo counted($database);
    } elseif ($path === '/jobs' && $method === 'POST') {
        echo queueJob($database, $_GET);
    } elseif ($path === '/jobs' || $path === '/ticks') {
        $rows = $database->query('SELECT * FROM ' . substr($path, 1) . ' ORDER BY id');
        echo json_encode($rows->fetchAll(PDO::FETCH_ASSOC));
    } elseif ($path === '/') {
        header('Content-Type: text/html; charset=utf-8');
        page(counted($database));
    } else {
        http_response_code(404);
        echo 'not found';
    }
}

function page(int $count): void
{
    echo "<!doctype html><html lang=\"en\"><title>Lostops</title><h1>$count</h1>"
        . '<form method="post" action="/counter"><button>one more</button></form></html>';
}
