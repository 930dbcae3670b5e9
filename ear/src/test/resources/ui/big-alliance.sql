-- An alliance "big" of 10,000 clients on four combiners with a finished session of 1,000 rounds, 100 clients in each,
-- 200 sessions more, and 50,000 events; 100,000 updates and as many validations in all. For PageTimes.

INSERT INTO combiner (id, name, host, port, capacity, program, attached, load, created_at, last_seen_at)
SELECT gen_random_uuid(), 'combiner-' || name, '10.0.0.1', 12080, 4000, 'foedus', 2400,
       '{"heapBytes": 251658240, "cpuFraction": 0.31}', now() - interval '30 days', now() + interval '1 day'
FROM unnest(ARRAY['north', 'south', 'east', 'west']) AS name;

INSERT INTO client (id, alliance_id, name, program, labels, combiner_id, state, telemetry, created_at, last_seen_at)
SELECT gen_random_uuid(), a.id, 'site-' || lpad(n::text, 5, '0'), 'foedus-agent', jsonb_build_object('region', 'r' || n % 17),
       CASE WHEN n % 25 > 0 THEN c.ids[1 + n % 4] END, CASE WHEN n % 25 > 0 THEN 'ATTACHED' ELSE 'DETACHED' END,
       jsonb_build_object('cpuFraction', (n % 90) / 100.0, 'memoryBytes', 200000000 + n * 1000), now() - interval '20 days', now()
FROM alliance a, (SELECT array_agg(id ORDER BY name) AS ids FROM combiner WHERE host = '10.0.0.1') c, generate_series(1, 10000) AS n
WHERE a.name = 'big';

INSERT INTO session (id, alliance_id, name, state, package_id, seed_model_id, model_id, plan, rounds_planned, rounds_completed,
                     created_at, started_at, finished_at)
SELECT gen_random_uuid(), a.id, CASE n WHEN 201 THEN 'a thousand rounds' ELSE 'session ' || n END, 'FINISHED', p.id, m.id, m.id,
       '{"rounds": 1000, "minClients": 100, "aggregator": "mean"}', 1000, CASE n WHEN 201 THEN 1000 ELSE 0 END,
       now() - (202 - n) * interval '1 hour', now() - (202 - n) * interval '1 hour', now()
FROM alliance a JOIN compute_package p ON p.alliance_id = a.id JOIN model m ON m.alliance_id = a.id, generate_series(1, 201) AS n
WHERE a.name = 'big';

INSERT INTO round (id, session_id, number, phase, base_model_id, selection_seed, examples, created_at, training_at, reducing_at,
                   validating_at, finished_at)
SELECT gen_random_uuid(), s.id, n, 'COMPLETED', s.seed_model_id, n, 12000, at, at, at + interval '2 s', at + interval '2.2 s',
       at + interval '3 s'
FROM session s, generate_series(1, 1000) AS n, LATERAL (SELECT s.started_at + n * interval '3.5 s' AS at) t
WHERE s.name = 'a thousand rounds';

INSERT INTO model (id, alliance_id, parent_id, session_id, round_id, digest, size, format, created_at)
SELECT gen_random_uuid(), s.alliance_id, s.seed_model_id, s.id, r.id, encode(sha256(r.id::text::bytea), 'hex'), 40000, 'npz',
       r.finished_at
FROM round r JOIN session s ON s.id = r.session_id
WHERE s.name = 'a thousand rounds';

UPDATE model m SET parent_id = before.id
FROM round r, round earlier, model before
WHERE r.model_id IS NULL AND r.id = m.round_id AND earlier.session_id = r.session_id AND earlier.number = r.number - 1 AND before.round_id = earlier.id;
UPDATE round r SET model_id = m.id FROM model m WHERE m.round_id = r.id AND r.model_id IS NULL;
UPDATE session s SET model_id = r.model_id, best_model_id = r.model_id FROM round r WHERE r.session_id = s.id AND r.number = 1000;

INSERT INTO share (id, round_id, combiner_id, kind, phase, epoch, target, expected, accepted, examples, timings, offered_at,
                   running_at, reported_at)
SELECT gen_random_uuid(), r.id, c.id, k, 'REPORTED', 1, 25, 25, 25, 3000, '{"foldMillis": 40}', r.created_at, r.created_at,
       CASE k WHEN 'TRAIN' THEN r.reducing_at ELSE r.finished_at END
FROM session s JOIN round r ON r.session_id = s.id, combiner c, unnest(ARRAY['TRAIN', 'VALIDATE']) AS k
WHERE s.name = 'a thousand rounds' AND c.host = '10.0.0.1';

CREATE TEMPORARY TABLE worker AS
SELECT r.id AS round_id, r.model_id, r.session_id, r.number, r.finished_at AS at, c.id AS client_id, c.combiner_id, c.alliance_id,
       (hashtext(c.name) % 1000) / 20000.0 AS own
FROM session s JOIN round r ON r.session_id = s.id AND s.name = 'a thousand rounds' JOIN LATERAL (SELECT generate_series(0, 99) AS i) g ON true
JOIN (SELECT *, row_number() OVER (ORDER BY name) - 1 AS place FROM client WHERE state = 'ATTACHED' AND combiner_id IN
      (SELECT id FROM combiner WHERE host = '10.0.0.1')) c ON c.place = (r.number * 37 + g.i * 96) % 9600;

INSERT INTO participation (id, round_id, client_id, kind, combiner_id, epoch, state, claimed_at, ended_at)
SELECT gen_random_uuid(), round_id, client_id, k, combiner_id, 1, 'REPORTED', at, at FROM worker, unnest(ARRAY['TRAIN', 'VALIDATE']) AS k;

INSERT INTO model_update (id, round_id, client_id, combiner_id, digest, size, examples, fate, metrics, timings, received_at)
SELECT gen_random_uuid(), round_id, client_id, combiner_id, encode(sha256((round_id::text || client_id)::bytea), 'hex'), 40000, 120,
       'ACCEPTED', '{"loss": 0.4}', jsonb_build_object('downloadMillis', 40, 'runMillis', 1400 + own * 4000, 'uploadMillis', 60,
       'cpuSeconds', 1.3, 'peakMemoryBytes', 90000000), at
FROM worker;

INSERT INTO validation (id, alliance_id, model_id, client_id, session_id, round_id, examples, metrics, timings, received_at)
SELECT gen_random_uuid(), alliance_id, model_id, client_id, session_id, round_id, 120,
       jsonb_build_object('accuracy', 0.9 - 0.8 * exp(-number / 150.0) + own, 'loss', 2 * exp(-number / 200.0) - own + 0.1),
       '{"runMillis": 200}', at
FROM worker;

INSERT INTO event (at, severity, kind, message, alliance_id, session_id)
SELECT now() - (50001 - n) * interval '2 s', CASE WHEN n % 100 = 0 THEN 'WARNING' ELSE 'INFO' END, 'round.completed',
       'Round ' || n % 1000 || ' is complete', s.alliance_id, s.id
FROM session s, generate_series(1, 50000) AS n
WHERE s.name = 'a thousand rounds';

ANALYZE;
