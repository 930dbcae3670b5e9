-- A metric is a finite number of at most 1e100 in size and at least 1e-100, or zero, so that sums and squares of it can
-- be computed (docs/api.md). What earlier versions have kept beyond that breaks lists and charts, and goes.

CREATE FUNCTION pg_temp.in_bounds(value jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN jsonb_typeof(value) = 'number'
    THEN value::numeric = 0 OR abs(value::numeric) BETWEEN 1e-100 AND 1e100
    ELSE true END
$$;

UPDATE validation
SET metrics = (SELECT coalesce(jsonb_object_agg(m.key, m.value), '{}')
               FROM jsonb_each(metrics) AS m WHERE pg_temp.in_bounds(m.value))
WHERE EXISTS (SELECT 1 FROM jsonb_each(metrics) AS m WHERE NOT pg_temp.in_bounds(m.value));

UPDATE model_update
SET metrics = (SELECT coalesce(jsonb_object_agg(m.key, m.value), '{}')
               FROM jsonb_each(metrics) AS m WHERE pg_temp.in_bounds(m.value))
WHERE EXISTS (SELECT 1 FROM jsonb_each(metrics) AS m WHERE NOT pg_temp.in_bounds(m.value));

DELETE FROM client_metric
WHERE value = 'NaN' OR abs(value) > 1e100;
