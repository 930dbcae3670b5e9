-- What an adapting aggregator has come to: the spec that the next round of the same session folds with.
ALTER TABLE model ADD COLUMN next_aggregator text;
