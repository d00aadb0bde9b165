<?php

/** A job takes some seconds; `after=asked` begins to count them when its worker is asked to stop, as in the worst case. */
function queueJob(PDO $database, array $query): string
{
    $new = $database->prepare('INSERT INTO jobs (seconds, after_asked) VALUES (?, ?)');
    $new->execute([(int) ($query['seconds'] ?? 0), (int) (($query['after'] ?? '') === 'asked')]);
    return $database->lastInsertId();
}

/** As the framework's own: one job after the other; asked to stop, the one under way is done before it ends. */
function queueWork(PDO $database): void
{
    $asked = false;
    pcntl_async_signals(true);
    pcntl_signal(SIGTERM, function () use (&$asked): void { $asked = true; });
    while (!$asked) {
        $job = begunJob($database);
        if ($job === null) {
            usleep(200_000);
            continue;
        }
        while ($job['after_asked'] && !$asked) {
            usleep(100_000);
        }
        for ($end = time() + $job['seconds']; time() < $end;) {
            usleep(100_000);
        }
        $done = $database->prepare('UPDATE jobs SET done_by = ?, asked = ? WHERE id = ?');
        $done->execute([version(), (int) $asked, $job['id']]);
    }
}

/** The next one, which no other worker takes. */
function begunJob(PDO $database): ?array
{
    $next = 'UPDATE jobs SET id = LAST_INSERT_ID(id), begun_by = ? WHERE begun_by IS NULL ORDER BY id LIMIT 1';
    $begun = $database->prepare($next);
    $begun->execute([version()]);
    if ($begun->rowCount() === 0) {
        return null;
    }
    return $database->query('SELECT * FROM jobs WHERE id = LAST_INSERT_ID()')->fetch(PDO::FETCH_ASSOC);
}

/** The one thing that is planned, for every minute. */
function scheduleRun(PDO $database): void
{
    $database->prepare('INSERT INTO ticks (minute) VALUES (?)')->execute([gmdate('Y-m-d H:i')]);
}
