-- Downloads for the store alone, and how far ahead of their readers they may be.

ALTER TABLE download ADD COLUMN cache_only INTEGER NOT NULL DEFAULT 0;
ALTER TABLE download ADD COLUMN look_ahead INTEGER;    -- -1 for the configured one

-- The size a download may have; 0 for any.
ALTER TABLE download ADD COLUMN max_bytes INTEGER NOT NULL DEFAULT 0;
