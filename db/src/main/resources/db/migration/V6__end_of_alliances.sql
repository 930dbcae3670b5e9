-- Rounds, models, sessions and packages of an alliance refer to each other. When the alliance is deleted all of them go; whether
-- anything is left that refers to what is gone is then judged at the end.
ALTER TABLE model ALTER CONSTRAINT model_parent_id_fkey DEFERRABLE;
ALTER TABLE round ALTER CONSTRAINT round_base_model_id_fkey DEFERRABLE;
ALTER TABLE round ALTER CONSTRAINT round_model_id_fkey DEFERRABLE;
ALTER TABLE session ALTER CONSTRAINT session_package_id_fkey DEFERRABLE;
ALTER TABLE session ALTER CONSTRAINT session_seed_model_id_fkey DEFERRABLE;
ALTER TABLE session ALTER CONSTRAINT session_model_id_fkey DEFERRABLE;
ALTER TABLE session ALTER CONSTRAINT session_best_model_id_fkey DEFERRABLE;
