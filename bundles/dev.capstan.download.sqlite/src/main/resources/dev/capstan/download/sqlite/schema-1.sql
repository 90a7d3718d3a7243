-- The first schema. Times are nanoseconds since 1970. States are 0 QUEUED, 1 STARTING,
-- 2 DOWNLOADING, 3 PAUSED, 4 COMPLETED, 5 FAILED, 6 CANCELLED.

CREATE TABLE download (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    link TEXT NOT NULL,
    canonical TEXT,                    -- null where it equals the link
    host TEXT NOT NULL,
    source_key TEXT,
    trust TEXT NOT NULL,
    name TEXT,
    name_given INTEGER NOT NULL,
    folder TEXT,
    category TEXT,
    media_type TEXT,
    placed TEXT,
    max_connections INTEGER NOT NULL,
    limit_bytes INTEGER NOT NULL,
    max_retries INTEGER,
    first_byte_within INTEGER,
    fail_fast INTEGER NOT NULL,
    batch TEXT,
    batch_name TEXT,
    state INTEGER NOT NULL,
    phase TEXT NOT NULL,
    note TEXT,
    retry_count INTEGER NOT NULL,
    wait_until INTEGER,
    error TEXT,                        -- JSON object
    error_history TEXT,                -- JSON array of such, oldest first
    size INTEGER NOT NULL,             -- -1 while unknown
    downloaded INTEGER NOT NULL,
    speed INTEGER NOT NULL,
    connections INTEGER NOT NULL,
    promised TEXT,                     -- JSON array of digests
    digest TEXT,
    metadata TEXT,                     -- JSON object
    secret_ref TEXT,
    rank INTEGER NOT NULL,             -- minus the priority: ascending is the order of claims
    position INTEGER NOT NULL,
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL,
    completed INTEGER,
    -- What follows is derived from what is above.
    name_key TEXT NOT NULL,            -- the shown name, folded and cut, to sort by
    link_hash INTEGER NOT NULL,        -- of the canonical link
    source_hash INTEGER,               -- of the source key
    waiting INTEGER NOT NULL,          -- 1 from the moment it waits for a time until a claim saw it due
    -- And this belongs to claims alone.
    owner TEXT,
    lease_until INTEGER
) STRICT;

-- A page in any sort begins with the states it wants: each state is walked in order, and the walks
-- are merged.
CREATE INDEX download_by_added ON download (state, created, id);
CREATE INDEX download_by_name ON download (state, name_key, id);
CREATE INDEX download_by_size ON download (state, size, id);
CREATE INDEX download_by_state ON download (state, id);
CREATE INDEX download_by_priority ON download (state, rank, position, created, id);

-- A claim looks at one entry for each host that has queued rows. Rows that wait are not in it.
CREATE INDEX download_ready ON download (host, rank, position, created, id)
    WHERE state = 0 AND waiting = 0;
CREATE INDEX download_waiting ON download (wait_until) WHERE state = 0 AND waiting = 1;

CREATE INDEX download_same ON download (host, link_hash);
CREATE INDEX download_source ON download (source_hash) WHERE source_hash IS NOT NULL;
CREATE INDEX download_batch ON download (batch, created, id) WHERE batch IS NOT NULL;
CREATE INDEX download_category ON download (category) WHERE category IS NOT NULL;

-- The text that is searched, apart from the wide rows so that a scan of it is cheap, and its
-- trigrams. These are added by and by, in the order of seq, up to a row that is noted: adding them
-- with each row would take a third of the time of an add.
CREATE TABLE search (
    seq INTEGER PRIMARY KEY,
    text TEXT NOT NULL
) STRICT;

CREATE VIRTUAL TABLE trigram USING fts5 (
    text, content = '', contentless_delete = 1, detail = none,
    tokenize = 'trigram case_sensitive 1'
);
INSERT INTO trigram (trigram, rank) VALUES ('hashsize', 8388608);

CREATE TABLE indexed (
    up_to INTEGER NOT NULL
) STRICT;
INSERT INTO indexed VALUES (0);

-- Rows that have no trigrams yet are passed over by these.
CREATE TRIGGER search_changed AFTER UPDATE OF text ON search BEGIN
    UPDATE trigram SET text = new.text WHERE rowid = new.seq;
END;
CREATE TRIGGER search_removed AFTER DELETE ON search BEGIN
    DELETE FROM trigram WHERE rowid = old.seq;
    -- The number of the last row is given again.
    UPDATE indexed SET up_to = ifnull((SELECT max(seq) FROM search), 0)
        WHERE up_to = old.seq;
END;

-- How many rows, for whatever can be filtered by without a text; no category is '/', which
-- none can be called.
CREATE TABLE tally (
    host TEXT NOT NULL,
    category TEXT NOT NULL,
    state INTEGER NOT NULL,
    downloads INTEGER NOT NULL,
    PRIMARY KEY (host, category, state)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER tally_added AFTER INSERT ON download BEGIN
    INSERT INTO tally VALUES (new.host, ifnull(new.category, '/'), new.state, 1)
        ON CONFLICT DO UPDATE SET downloads = downloads + 1;
END;
CREATE TRIGGER tally_removed AFTER DELETE ON download BEGIN
    UPDATE tally SET downloads = downloads - 1
        WHERE host = old.host AND category = ifnull(old.category, '/') AND state = old.state;
    DELETE FROM tally
        WHERE host = old.host AND category = ifnull(old.category, '/') AND state = old.state
            AND downloads = 0;
END;
CREATE TRIGGER tally_changed AFTER UPDATE OF host, category, state ON download
WHEN old.state <> new.state OR old.host <> new.host OR old.category IS NOT new.category BEGIN
    UPDATE tally SET downloads = downloads - 1
        WHERE host = old.host AND category = ifnull(old.category, '/') AND state = old.state;
    DELETE FROM tally
        WHERE host = old.host AND category = ifnull(old.category, '/') AND state = old.state
            AND downloads = 0;
    INSERT INTO tally VALUES (new.host, ifnull(new.category, '/'), new.state, 1)
        ON CONFLICT DO UPDATE SET downloads = downloads + 1;
END;

CREATE TABLE batch (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    created INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX batch_by_created ON batch (created, id);

-- Members of a batch by state. A listing that is completed became the others and is no member.
CREATE TABLE batch_tally (
    batch TEXT NOT NULL,
    state INTEGER NOT NULL,
    members INTEGER NOT NULL,
    size INTEGER NOT NULL,
    downloaded INTEGER NOT NULL,
    PRIMARY KEY (batch, state)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER batch_joined AFTER INSERT ON download WHEN new.batch IS NOT NULL BEGIN
    INSERT INTO batch VALUES (new.batch, ifnull(new.batch_name, ''), new.created)
        ON CONFLICT DO NOTHING;
    INSERT INTO batch_tally
        SELECT new.batch, new.state, 1, max(new.size, 0), new.downloaded
            WHERE new.kind = 'FILE' OR new.state <> 4
        ON CONFLICT DO UPDATE SET
            members = members + 1,
            size = size + excluded.size,
            downloaded = downloaded + excluded.downloaded;
END;
CREATE TRIGGER batch_left AFTER DELETE ON download WHEN old.batch IS NOT NULL BEGIN
    UPDATE batch_tally
        SET members = members - 1,
            size = size - max(old.size, 0),
            downloaded = downloaded - old.downloaded
        WHERE batch = old.batch AND state = old.state
            AND (old.kind = 'FILE' OR old.state <> 4);
    DELETE FROM batch WHERE id = old.batch
        AND NOT EXISTS (SELECT 1 FROM download WHERE batch = old.batch);
END;
CREATE TRIGGER batch_changed AFTER UPDATE OF batch, state, kind, size, downloaded ON download
WHEN old.batch IS NOT NULL OR new.batch IS NOT NULL BEGIN
    UPDATE batch_tally
        SET members = members - 1,
            size = size - max(old.size, 0),
            downloaded = downloaded - old.downloaded
        WHERE batch = old.batch AND state = old.state
            AND (old.kind = 'FILE' OR old.state <> 4);
    INSERT INTO batch
        SELECT new.batch, ifnull(new.batch_name, ''), new.created WHERE new.batch IS NOT NULL
        ON CONFLICT DO NOTHING;
    INSERT INTO batch_tally
        SELECT new.batch, new.state, 1, max(new.size, 0), new.downloaded
            WHERE new.batch IS NOT NULL AND (new.kind = 'FILE' OR new.state <> 4)
        ON CONFLICT DO UPDATE SET
            members = members + 1,
            size = size + excluded.size,
            downloaded = downloaded + excluded.downloaded;
    DELETE FROM batch WHERE id = old.batch AND old.batch IS NOT new.batch
        AND NOT EXISTS (SELECT 1 FROM download WHERE batch = old.batch);
END;
CREATE TRIGGER batch_ended AFTER DELETE ON batch BEGIN
    DELETE FROM batch_tally WHERE batch = old.id;
END;

-- What ended, since the store was made.
CREATE TABLE total (
    host TEXT PRIMARY KEY,
    completed INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    bytes INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TRIGGER total_added AFTER INSERT ON download WHEN new.state IN (4, 5) BEGIN
    INSERT INTO total VALUES (
            new.host, new.state = 4, new.state = 5,
            iif(new.state = 4, iif(new.size >= 0, new.size, new.downloaded), 0))
        ON CONFLICT DO UPDATE SET
            completed = completed + excluded.completed,
            failed = failed + excluded.failed,
            bytes = bytes + excluded.bytes;
END;
CREATE TRIGGER total_changed AFTER UPDATE OF state ON download
WHEN new.state IN (4, 5) AND old.state <> new.state BEGIN
    INSERT INTO total VALUES (
            new.host, new.state = 4, new.state = 5,
            iif(new.state = 4, iif(new.size >= 0, new.size, new.downloaded), 0))
        ON CONFLICT DO UPDATE SET
            completed = completed + excluded.completed,
            failed = failed + excluded.failed,
            bytes = bytes + excluded.bytes;
END;
