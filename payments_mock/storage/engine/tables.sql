BEGIN;

CREATE TABLE merchants (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    code VARCHAR(14) NOT NULL,
    contract VARCHAR(32) NOT NULL,
    version VARCHAR(10) NOT NULL,
    clock_offset BIGINT NOT NULL,
    clock_frozen_at BIGINT,
    has_faults BOOLEAN NOT NULL,
    has_webhooks BOOLEAN NOT NULL,
    switches TEXT,
    first_switches TEXT,
    UNIQUE (code)
);

CREATE TABLE stray_calls (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    at BIGINT NOT NULL,
    method TEXT NOT NULL,
    path TEXT NOT NULL,
    status INTEGER NOT NULL,
    code TEXT,
    why TEXT,
    "key" VARCHAR(32),
    digest VARCHAR(64)
);

CREATE TABLE api_keys (
    digest VARCHAR(64) NOT NULL,
    merchant_id INTEGER NOT NULL,
    kind VARCHAR(32) NOT NULL,
    family VARCHAR(32) NOT NULL,
    PRIMARY KEY (digest),
    FOREIGN KEY(merchant_id) REFERENCES merchants (id) ON DELETE CASCADE
);

CREATE INDEX ix_api_keys_merchant_id ON api_keys (merchant_id);

CREATE TABLE billing_authorizations (
    id INTEGER NOT NULL,
    merchant_id INTEGER NOT NULL,
    auth_key VARCHAR(300) NOT NULL,
    customer_key VARCHAR(300) NOT NULL,
    method VARCHAR(32) NOT NULL,
    instruments TEXT NOT NULL,
    expires_at BIGINT,
    refusal_code VARCHAR(64),
    refusal_limit BIGINT,
    authenticated_at BIGINT NOT NULL,
    used_at BIGINT,
    PRIMARY KEY (id),
    CONSTRAINT one_authorization_a_key UNIQUE (merchant_id, auth_key),
    FOREIGN KEY(merchant_id) REFERENCES merchants (id) ON DELETE CASCADE
);

CREATE TABLE billing_keys (
    id INTEGER NOT NULL,
    merchant_id INTEGER NOT NULL,
    billing_key VARCHAR(200) NOT NULL,
    customer_key VARCHAR(300) NOT NULL,
    method VARCHAR(32) NOT NULL,
    instruments TEXT NOT NULL,
    expires_at BIGINT,
    refusal_code VARCHAR(64),
    refusal_limit BIGINT,
    authenticated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    PRIMARY KEY (id),
    CONSTRAINT one_billing_key_a_key UNIQUE (merchant_id, billing_key),
    FOREIGN KEY(merchant_id) REFERENCES merchants (id) ON DELETE CASCADE
);

CREATE TABLE cash_receipts (
    id INTEGER NOT NULL,
    merchant_id INTEGER NOT NULL,
    receipt_key VARCHAR(200) NOT NULL,
    order_id VARCHAR(64) NOT NULL,
    held_order_id VARCHAR(64),
    order_name VARCHAR(100),
    kind VARCHAR(32) NOT NULL,
    identity_number VARCHAR(30) NOT NULL,
    issue_number VARCHAR(9) NOT NULL,
    step VARCHAR(32) NOT NULL,
    amount BIGINT NOT NULL,
    tax_free_amount BIGINT NOT NULL,
    balance_amount BIGINT NOT NULL,
    tax_free_balance BIGINT NOT NULL,
    cancel_count INTEGER NOT NULL,
    requested_at BIGINT NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT one_cash_receipt_a_key UNIQUE (receipt_key, merchant_id),
    CONSTRAINT one_cash_receipt_an_order UNIQUE (merchant_id, held_order_id),
    FOREIGN KEY(merchant_id) REFERENCES merchants (id) ON DELETE CASCADE
);

CREATE INDEX cash_receipts_by_time ON cash_receipts (merchant_id, requested_at);

CREATE TABLE checkout_windows (
    token VARCHAR(64) NOT NULL,
    merchant_id INTEGER NOT NULL,
    key_family VARCHAR(32) NOT NULL,
    payment_key VARCHAR(200),
    options TEXT NOT NULL,
    PRIMARY KEY (token),
    FOREIGN KEY(merchant_id) REFERENCES merchants (id) ON DELETE CASCADE
);

CREATE INDEX ix_checkout_windows_merchant_id ON checkout_windows (merchant_id);

CREATE INDEX ix_checkout_windows_payment_key ON checkout_windows (payment_key);

CREATE TABLE faults (
    id INTEGER NOT NULL,
    merchant_id INTEGER NOT NULL,
    name VARCHAR(100) NOT NULL,
    rule TEXT NOT NULL,
    met INTEGER NOT NULL,
    struck INTEGER NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT one_fault_a_name UNIQUE (merchant_id, name),
    FOREIGN KEY(merchant_id) REFERENCES merchants (id) ON DELETE CASCADE
);

CREATE TABLE held_calls (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    merchant_id INTEGER NOT NULL,
    fault VARCHAR(100) NOT NULL,
    moment VARCHAR(32) NOT NULL,
    operation TEXT NOT NULL,
    payment_key VARCHAR(200),
    order_id VARCHAR(64),
    amount BIGINT,
    held_at BIGINT NOT NULL,
    until BIGINT NOT NULL,
    ending VARCHAR(32),
    status INTEGER,
    body TEXT,
    FOREIGN KEY(merchant_id) REFERENCES merchants (id) ON DELETE CASCADE
);

CREATE INDEX ix_held_calls_merchant_id ON held_calls (merchant_id);

CREATE TABLE idempotent_answers (
    scope VARCHAR(64) NOT NULL,
    merchant_id INTEGER NOT NULL,
    owner VARCHAR(120) NOT NULL,
    claimed_at BIGINT NOT NULL,
    leased_at BIGINT NOT NULL,
    status INTEGER,
    content_type VARCHAR(100),
    body TEXT,
    open_until BIGINT,
    PRIMARY KEY (scope),
    FOREIGN KEY(merchant_id) REFERENCES merchants (id) ON DELETE CASCADE
);

CREATE INDEX ix_idempotent_answers_merchant_id ON idempotent_answers (merchant_id);

CREATE TABLE journal (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    merchant_id INTEGER NOT NULL,
    size INTEGER NOT NULL,
    entries TEXT NOT NULL,
    bytes INTEGER,
    FOREIGN KEY(merchant_id) REFERENCES merchants (id) ON DELETE CASCADE
);

CREATE INDEX journal_of_a_merchant ON journal (merchant_id, id, size, bytes);

CREATE TABLE journal_acts (
    merchant_id INTEGER NOT NULL,
    id BIGINT NOT NULL,
    operation TEXT NOT NULL,
    method TEXT NOT NULL,
    payment_key VARCHAR(200),
    order_id VARCHAR(64),
    amount BIGINT,
    status INTEGER NOT NULL,
    code TEXT,
    faults INTEGER NOT NULL,
    PRIMARY KEY (merchant_id, id),
    FOREIGN KEY(merchant_id) REFERENCES merchants (id) ON DELETE CASCADE
)
 WITHOUT ROWID;

CREATE TABLE journal_calls (
    merchant_id INTEGER NOT NULL,
    id BIGINT NOT NULL,
    operation TEXT NOT NULL,
    method TEXT NOT NULL,
    payment_key VARCHAR(200),
    order_id VARCHAR(64),
    amount BIGINT,
    status INTEGER NOT NULL,
    code TEXT,
    faults INTEGER NOT NULL,
    PRIMARY KEY (merchant_id, id),
    FOREIGN KEY(merchant_id) REFERENCES merchants (id) ON DELETE CASCADE
)
 WITHOUT ROWID;

CREATE TABLE journal_marks (
    merchant_id INTEGER NOT NULL,
    entry_id BIGINT NOT NULL,
    mark VARCHAR(32) NOT NULL,
    PRIMARY KEY (merchant_id, entry_id),
    FOREIGN KEY(merchant_id) REFERENCES merchants (id) ON DELETE CASCADE,
    UNIQUE (mark)
)
 WITHOUT ROWID;

CREATE TABLE payments (
    id INTEGER NOT NULL,
    merchant_id INTEGER NOT NULL,
    payment_key VARCHAR(200) NOT NULL,
    order_id VARCHAR(64) NOT NULL,
    held_order_id VARCHAR(64),
    revision INTEGER NOT NULL,
    kind VARCHAR(32) NOT NULL,
    key_family VARCHAR(32),
    state VARCHAR(32) NOT NULL,
    method VARCHAR(32),
    instruments TEXT,
    order_name VARCHAR(100),
    customer_key VARCHAR(300),
    total_amount BIGINT NOT NULL,
    balance_amount BIGINT NOT NULL,
    tax_free_amount BIGINT NOT NULL,
    tax_free_balance BIGINT NOT NULL,
    culture_expense BOOLEAN NOT NULL,
    use_escrow BOOLEAN NOT NULL,
    frees_order BOOLEAN NOT NULL,
    metadata TEXT,
    success_url VARCHAR(2000),
    fail_url VARCHAR(2000),
    secret VARCHAR(50),
    requested_at BIGINT NOT NULL,
    expires_at BIGINT,
    approved_at BIGINT,
    last_transaction_key VARCHAR(64),
    failure_code VARCHAR(64),
    decline_code VARCHAR(64),
    settled_at BIGINT,
    looked_up_at BIGINT,
    receipt_token VARCHAR(64) NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT one_payment_a_key UNIQUE (payment_key, merchant_id),
    FOREIGN KEY(merchant_id) REFERENCES merchants (id) ON DELETE CASCADE
);

CREATE UNIQUE INDEX one_approval_an_order ON payments (merchant_id, held_order_id) WHERE held_order_id IS NOT NULL;

CREATE INDEX payments_by_phone ON payments (merchant_id, instruments, approved_at) WHERE method = 'MOBILE_PHONE';

CREATE INDEX payments_by_transfer ON payments (merchant_id, customer_key, approved_at) WHERE method = 'TRANSFER';

CREATE INDEX payments_of_a_merchant ON payments (merchant_id, id);

CREATE INDEX payments_of_an_order ON payments (merchant_id, order_id);

CREATE INDEX payments_running_out ON payments (merchant_id, expires_at) WHERE expires_at IS NOT NULL AND state IN ('AUTHENTICATED', 'INITIATED');

CREATE TABLE report_lags (
    merchant_id INTEGER NOT NULL,
    lag BIGINT NOT NULL,
    PRIMARY KEY (merchant_id),
    FOREIGN KEY(merchant_id) REFERENCES merchants (id) ON DELETE CASCADE
);

CREATE TABLE webhook_deliveries (
    id INTEGER NOT NULL,
    merchant_id INTEGER NOT NULL,
    transmission_id VARCHAR(64) NOT NULL,
    event VARCHAR(64) NOT NULL,
    url VARCHAR(2000) NOT NULL,
    security_key VARCHAR(200),
    body TEXT NOT NULL,
    payment_key VARCHAR(200),
    order_id VARCHAR(64),
    status VARCHAR(32),
    is_forged BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    state VARCHAR(32) NOT NULL,
    retries INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    due_at BIGINT NOT NULL,
    not_before BIGINT NOT NULL,
    by_hand BOOLEAN NOT NULL,
    is_open BOOLEAN NOT NULL,
    claimed_by VARCHAR(200),
    claimed_until BIGINT,
    traceparent VARCHAR(200),
    cause VARCHAR(32),
    call_mark VARCHAR(32),
    PRIMARY KEY (id),
    FOREIGN KEY(merchant_id) REFERENCES merchants (id) ON DELETE CASCADE
);

CREATE INDEX ix_webhook_deliveries_claimed_by ON webhook_deliveries (claimed_by);

CREATE INDEX webhook_deliveries_of_a_merchant ON webhook_deliveries (merchant_id, id);

CREATE INDEX webhook_deliveries_open ON webhook_deliveries (id) WHERE is_open = 1;

CREATE TABLE webhook_endpoints (
    id INTEGER NOT NULL,
    merchant_id INTEGER NOT NULL,
    url VARCHAR(2000) NOT NULL,
    events TEXT NOT NULL,
    security_key VARCHAR(200),
    created_at BIGINT NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY(merchant_id) REFERENCES merchants (id) ON DELETE CASCADE
);

CREATE INDEX webhook_endpoints_of_a_merchant ON webhook_endpoints (merchant_id, id);

CREATE TABLE webhook_rules (
    id INTEGER NOT NULL,
    merchant_id INTEGER NOT NULL,
    name VARCHAR(100) NOT NULL,
    rule TEXT NOT NULL,
    applied INTEGER NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT one_webhook_rule_a_name UNIQUE (merchant_id, name),
    FOREIGN KEY(merchant_id) REFERENCES merchants (id) ON DELETE CASCADE
);

CREATE TABLE payment_turns (
    payment_id INTEGER NOT NULL,
    state VARCHAR(32) NOT NULL,
    merchant_id INTEGER NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (payment_id, state),
    FOREIGN KEY(payment_id) REFERENCES payments (id) ON DELETE CASCADE,
    FOREIGN KEY(merchant_id) REFERENCES merchants (id) ON DELETE CASCADE
);

CREATE INDEX ix_payment_turns_merchant_id ON payment_turns (merchant_id);

CREATE TABLE transactions (
    id INTEGER NOT NULL,
    merchant_id INTEGER NOT NULL,
    payment_id INTEGER NOT NULL,
    "key" VARCHAR(64) NOT NULL,
    kind VARCHAR(32) NOT NULL,
    state VARCHAR(32) NOT NULL,
    amount BIGINT NOT NULL,
    remaining_amount BIGINT NOT NULL,
    tax_free_amount BIGINT NOT NULL,
    at BIGINT NOT NULL,
    reason VARCHAR(200),
    held_until BIGINT,
    PRIMARY KEY (id),
    CONSTRAINT one_transaction_a_key UNIQUE (merchant_id, "key"),
    FOREIGN KEY(merchant_id) REFERENCES merchants (id) ON DELETE CASCADE,
    FOREIGN KEY(payment_id) REFERENCES payments (id) ON DELETE CASCADE
);

CREATE INDEX ix_transactions_payment_id ON transactions (payment_id);

CREATE INDEX transactions_by_time ON transactions (merchant_id, at, id);

CREATE TABLE webhook_attempts (
    id INTEGER NOT NULL,
    merchant_id INTEGER NOT NULL,
    delivery_id INTEGER NOT NULL,
    number INTEGER NOT NULL,
    at BIGINT NOT NULL,
    sent_at BIGINT NOT NULL,
    milliseconds INTEGER NOT NULL,
    headers TEXT NOT NULL,
    status INTEGER,
    answer_headers TEXT,
    answer_body TEXT,
    error VARCHAR(200),
    PRIMARY KEY (id),
    FOREIGN KEY(merchant_id) REFERENCES merchants (id) ON DELETE CASCADE,
    FOREIGN KEY(delivery_id) REFERENCES webhook_deliveries (id) ON DELETE CASCADE
);

CREATE INDEX ix_webhook_attempts_delivery_id ON webhook_attempts (delivery_id);

COMMIT;
