-- A download at work moves from state to state within moments. While it does it is in one small
-- index, and not in those of the orders: each is written when the work begins and when it ends.

DROP INDEX download_by_added;
DROP INDEX download_by_name;
DROP INDEX download_by_size;
DROP INDEX download_by_state;
DROP INDEX download_by_priority;

CREATE INDEX download_by_added ON download (state, created, id) WHERE state NOT IN (1, 2);
CREATE INDEX download_by_name ON download (state, name_key, id) WHERE state NOT IN (1, 2);
CREATE INDEX download_by_size ON download (state, size, id) WHERE state NOT IN (1, 2);
CREATE INDEX download_by_state ON download (state, id) WHERE state NOT IN (1, 2);
CREATE INDEX download_by_priority ON download (state, rank, position, created, id)
    WHERE state NOT IN (1, 2);

CREATE INDEX download_active ON download (state) WHERE state IN (1, 2);
