-- A combiner that comes back asks for the shares it had lost.
CREATE INDEX share_lost ON share (combiner_id) WHERE phase = 'LOST';
