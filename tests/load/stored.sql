-- What an installation holds after ten years, with :count cases, the oldest first; what retention takes out is out.
-- Lists that Python fills before: people (n, id), advisers (n, id, email), places (n, name), topics (n, code),
-- samples (n, rows, vector).

-- age: days since it was opened. h: a number below 1000 that jumps about from case to case, the same in every run.
CREATE TEMP TABLE aged AS
WITH RECURSIVE numbers (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM numbers WHERE i < :count)
SELECT i, 3650.0 * (:count - i) / :count + 0.1 AS age, (i * 7919 + i / 1000) % 1000 AS h FROM numbers;

-- Nothing of it is due now: what waits for somebody does so since today or yesterday.
CREATE TEMP TABLE stated AS
SELECT i, age, h, CASE
    WHEN age < 1.5 AND h < 300 THEN 'proposed'
    WHEN age < 4 AND h < 500 THEN 'asking'
    WHEN age < 4 AND h < 540 THEN 'review'
    WHEN age < 4 AND h < 600 THEN 'accepted'
    WHEN age BETWEEN 5 AND 85 AND h < 100 THEN 'introduced'
    WHEN h < 650 THEN 'closed'
    WHEN h < 750 THEN 'referred'
    WHEN h < 930 OR age > 355 THEN 'withdrawn'
    ELSE 'unserved' END AS state
FROM aged;

CREATE TEMP TABLE kept AS
SELECT *, state IN ('introduced', 'accepted') OR (state = 'closed' AND h < 550) AS matched, age < CASE
    WHEN state = 'closed' AND h >= 550 THEN 175
    WHEN state = 'withdrawn' AND h < 930 THEN 85
    WHEN state = 'referred' THEN 25
    ELSE 355 END AS living
FROM stated;

CREATE TEMP TABLE made AS
SELECT *, state IN ('closed', 'referred', 'withdrawn') AS ended,
    CASE h % 4 WHEN 0 THEN 'chat' WHEN 1 THEN 'web' ELSE 'mail' END AS channel,
    CASE WHEN NOT living THEN 'erased:' || lower(hex(i * 2654435761)) WHEN h % 4 = 0 THEN 'telegram:' || (9000000000 + i)
        WHEN h % 4 = 1 THEN 'web:stored' || i ELSE 'bewoner' || i || '@stored.example.org' END AS person,
    'SV-' || strftime('%Y', julianday(:now) - age) || '-' || printf('%04d', i) AS reference,
    strftime('%Y-%m-%dT%H:%M:%f', julianday(:now) - age) || '+00:00' AS at0,
    strftime('%Y-%m-%dT%H:%M:%f', julianday(:now) - max(age - 1, 0.05)) || '+00:00' AS at1,
    strftime('%Y-%m-%dT%H:%M:%f', julianday(:now) - max(age - 4, 0.05)) || '+00:00' AS at4,
    strftime('%Y-%m-%dT%H:%M:%f', julianday(:now) - max(age - 33, 0.05)) || '+00:00' AS at33,
    iif(living, 'Wij zijn een groep bewoners en zoeken hulp bij onze plannen voor het dorp, kenmerk ' || i || '. Kunnen '
        || 'jullie ons helpen met een verdienmodel? We hebben al met de gemeente gesproken en die denkt graag mee. De '
        || 'begroting sluit nog niet helemaal, maar de bank heeft toegezegd. Met vriendelijke groet, de werkgroep.', '')
        AS words
FROM kept;

INSERT INTO cases (id, reference, initiator, initiator_name, channel, language, state, municipality, province, budget,
    provincial_dependence, phase, initiative, needs, eligibility, consent, question, opened_at, touched_at, closed_at)
SELECT i, reference, person, '', channel, 'nl', state, places.name, 'Noord-Brabant', 'closing', 0, 1 + h % 5,
    iif(living, 'Initiatief ' || i, NULL), json_array(json_object('code', topics.code, 'confidence', 0.9, 'evidence',
    iif(living, 'Kunnen jullie ons helpen?', ''))), 'eligible', matched, words, at0, at4, iif(ended, at4, NULL)
FROM made JOIN places ON places.n = i % (SELECT count(*) FROM places)
JOIN topics ON topics.n = i % (SELECT count(*) FROM topics);

CREATE TEMP TABLE turns AS SELECT 0 AS turn UNION SELECT 1 UNION SELECT 2;

INSERT INTO messages (channel, account, external_id, raw, envelope_sender, received_at, state, attempts, case_id, sender,
    message_id, subject, text, kind, kind_confidence, language, needs, outcome, handled_at)
SELECT channel, iif(living, 'socialeveerkracht@example.org', ''), 'stored:' || i || ':' || turn, CAST(words AS BLOB),
    iif(living, person, NULL), CASE turn WHEN 0 THEN at0 WHEN 1 THEN at1 ELSE at4 END, 'handled', 1, i,
    iif(living, person, ''), iif(living AND channel = 'mail', '<stored-' || i || '-' || turn || '@example.org>', ''), '',
    words, iif(turn, 'answer', 'request'), 0.9, 'nl', '[]', iif(turn, 'added', 'asked'), at4
FROM made JOIN turns;

-- Without a case: questions about something else.
INSERT INTO messages (channel, account, external_id, raw, received_at, state, attempts, sender, message_id, subject, text,
    kind, kind_confidence, language, needs, outcome, handled_at)
SELECT 'mail', iif(age < 25, 'socialeveerkracht@example.org', ''), 'alone:' || i, x'', at0, 'handled', 1, '', '', '', '',
    'out_of_scope', 0.9, 'nl', '[]', 'pointer', at0
FROM made WHERE h % 2;

INSERT INTO attachments (message_id, filename, media_type, content)
SELECT id, 'begroting.xlsx', 'application/octet-stream', zeroblob(2000)
FROM messages WHERE account != '' AND kind = 'request' AND id % 20 = 0;

CREATE TEMP TABLE happened AS SELECT 'opened' AS event, 'initiator' AS actor, 0 AS day, 0 AS of_match
    UNION ALL SELECT 'understood', 'bot', 0, 0 UNION ALL SELECT 'asked', 'bot', 0, 0
    UNION ALL SELECT 'proposed', 'bot', 1, 1 UNION ALL SELECT 'accepted', 'adviser', 1, 1
    UNION ALL SELECT 'introduced', 'bot', 4, 1 UNION ALL SELECT 'follow_up_asked', 'bot', 33, 1;

INSERT INTO events (case_id, at, event, actor, channel)
SELECT i, CASE day WHEN 0 THEN at0 WHEN 1 THEN at1 WHEN 4 THEN at4 ELSE at33 END, event, actor, channel
FROM made JOIN happened WHERE of_match <= matched AND day <= age;

INSERT INTO events (case_id, at, event, actor, channel)
SELECT i, at4, iif(state = 'review', 'review_opened', state), 'bot', channel
FROM made WHERE ended OR state IN ('unserved', 'review');

INSERT INTO proposals (id, case_id, expert_id, adviser_id, state, created_at, decided_at, decided_via)
SELECT i, i, people.id, advisers.id, CASE WHEN state = 'proposed' THEN 'open' WHEN matched THEN 'accepted'
    WHEN state = 'withdrawn' THEN 'withdrawn' ELSE 'declined' END, at1, iif(state = 'proposed', NULL, at4), 'mail'
FROM made JOIN people ON people.n = i % (SELECT count(*) FROM people)
JOIN advisers ON advisers.n = i % (SELECT count(*) FROM advisers)
WHERE state IN ('proposed', 'accepted', 'introduced', 'closed', 'withdrawn');

INSERT INTO offered (proposal_id, number, expert_id)
SELECT proposals.id, 1 + people.n, people.id FROM proposals JOIN people WHERE people.n < 3;

INSERT INTO ranked (case_id, expert_id, position, score)
SELECT i, people.id, people.n, 0.5 FROM made JOIN people WHERE people.n < 3 AND state NOT IN ('asking', 'referred');

INSERT INTO reviews (case_id, state, created_at, decided_at)
SELECT i, iif(state = 'review', 'open', 'approved'), at0, iif(state = 'review', NULL, at1)
FROM made WHERE state = 'review' OR (h % 20 = 0 AND matched);

CREATE TEMP TABLE written AS SELECT 0 AS turn, 'confirmation' AS template UNION SELECT 1, 'question'
    UNION SELECT 2, 'proposal' UNION SELECT 3, 'consent_request';

INSERT INTO letters (key, case_id, channel, template, recipient, language, subject, text, html, message_id, state,
    attempts, due_at, created_at, sent_at, keyboard_at)
SELECT 'message:' || (i * 4 + turn) || '/' || template, i, iif(turn = 2, 'mail', channel), template,
    iif(turn = 2, advisers.email, person), 'nl', 'Je vraag', words || words, words || words,
    '<mm.stored' || i || '.' || turn || '@example.org>', 'sent', 1, at1, at1, at1,
    iif(channel = 'chat' AND turn = 1 AND age < 4, i, NULL)
FROM made JOIN written JOIN advisers ON advisers.n = i % (SELECT count(*) FROM advisers) WHERE living;

INSERT INTO choices (hash, letter_key, position, case_id, case_state, holder, action, value, label, created_at,
    expires_at, used_at)
SELECT 'stored' || id || '.' || turn, key, turn, case_id, 'asking', recipient, 'confirm', turn, 'Ja', created_at,
    strftime('%Y-%m-%dT%H:%M:%f', created_at, '+30 days') || '+00:00', iif(keyboard_at IS NULL, created_at, NULL)
FROM letters JOIN turns WHERE turn < 2 AND template = 'question' AND channel = 'chat'
AND created_at > strftime('%Y-%m-%dT%H:%M:%f', :now, '-119 days');

INSERT INTO tokens (hash, purpose, subject_id, holder, created_at, expires_at)
SELECT 'stored' || id, iif(template = 'proposal', 'proposal', 'reply'), case_id, recipient, created_at,
    strftime('%Y-%m-%dT%H:%M:%f', created_at, '+30 days') || '+00:00'
FROM letters WHERE channel = 'mail' AND created_at > strftime('%Y-%m-%dT%H:%M:%f', :now, '-119 days');

INSERT INTO case_vectors (case_id, model, rows, vector)
SELECT i, :model, samples.rows, samples.vector
FROM made JOIN samples ON samples.n = i % (SELECT count(*) FROM samples) WHERE living;

INSERT INTO asked (case_id, checked, asked_at) SELECT i, 'right', at0 FROM made WHERE living;

INSERT INTO follow_ups (case_id, asked_at, helped, phase, answered_at)
SELECT i, at33, 'yes', 3, at33 FROM made WHERE matched AND age > 33;

INSERT INTO recommended (case_id, instrument, recommended_at, helped, told_by, told_at)
SELECT i, code, at4, iif(h % 3, NULL, 'yes'), iif(h % 3, NULL, 'initiator'), iif(h % 3, NULL, at33)
FROM made JOIN (SELECT 'veerkrachtdialoog' AS code UNION SELECT 'impactmonitor') WHERE matched;

INSERT INTO sharing (code, case_id, agreed, told_by, told_at)
SELECT reference, i, h % 10 > 0, 'initiator', at33 FROM made WHERE living AND matched AND h % 5 = 0;

INSERT INTO lessons (case_id, initiative, municipality, needs, lesson, state, told_by, told_at)
SELECT i, 'Initiatief ' || i, 'Oss', '["financing"]', 'Begin klein en vraag op tijd hulp.',
    iif(h % 3, 'shared', 'waiting'), 'initiator', at33
FROM made WHERE living AND matched AND h % 40 = 0;

INSERT INTO accounts (live, email, linked_at)
SELECT person, 'bewoner' || i || '@stored.example.org', at1 FROM made WHERE living AND channel = 'chat' AND h % 3 = 0;

INSERT INTO conversations (public_id, hash, started_at)
SELECT 'stored' || i, 'stored' || i, at0 FROM made WHERE living AND channel = 'web';

INSERT INTO earlier_names (case_id, name) SELECT i, 'Eerder ' || i FROM made WHERE living AND h % 50 = 0;

INSERT INTO corrections (case_id, at, person, channel, subject, text, before, after)
SELECT i, at1, 'coordinator@example.org', channel, '', words, '{}', '{}' FROM made WHERE living AND h % 100 = 0;

INSERT INTO case_notes (case_id, at, person, event, text)
SELECT i, at1, 'coordinator@example.org', 'noted', '' FROM made WHERE h % 50 = 0;

INSERT INTO tombstones (hash, kind, erased_at) SELECT 'stored' || i, 'message', at33 FROM made WHERE NOT living;
