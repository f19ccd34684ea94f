-- The audit trail: append-only, each event bound to the one before by a hash. Owned by saltworks_audit; saltworks_auth may
-- read it, and extend it through one function.

set local role saltworks_auth;
grant create on schema iam to saltworks_audit;
reset role;

set local role saltworks_audit;

create table if not exists iam.audit_events (
    event_id bigint primary key,
    occurred_at timestamptz not null,
    org_id integer,
    actor text not null,
    action text not null,
    subject text not null,
    details jsonb not null,
    previous_sha256 bytea not null check (length(previous_sha256) = 32),
    event_sha256 bytea not null check (length(event_sha256) = 32)
);
create index if not exists audit_events_org_id_idx on iam.audit_events (org_id, event_id);
comment on table iam.audit_events is 'One row per event, numbered without gaps. Never holds a secret.';
comment on column iam.audit_events.org_id is 'The organization whose event it is; null for one above organizations.';
comment on column iam.audit_events.event_sha256 is
'SHA-256 of previous_sha256 and the SHA-256 of the UTF-8 text of each other column, in order; null as nothing.';

create or replace function iam.append_event(org_id integer, actor text, action text, subject text, details jsonb)
returns bigint
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    last_id bigint;
    last_sha256 bytea;
    moment timestamptz;
begin
    -- One at a time until the transaction ends: the chain has no branches and, since a rollback takes the event with it, no gaps.
    lock table iam.audit_events in share row exclusive mode;
    select event.event_id, event.event_sha256 into last_id, last_sha256
    from iam.audit_events as event
    order by event.event_id desc
    limit 1;
    last_id := coalesce(last_id, 0) + 1;
    last_sha256 := coalesce(last_sha256, sha256(''));
    moment := clock_timestamp();
    insert into iam.audit_events values (
        last_id, moment, org_id, actor, action, subject, details, last_sha256,
        sha256(
            last_sha256
            || sha256(convert_to(last_id::text, 'UTF8'))
            || sha256(convert_to(to_char(moment at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), 'UTF8'))
            || sha256(convert_to(coalesce(org_id::text, ''), 'UTF8'))
            || sha256(convert_to(actor, 'UTF8'))
            || sha256(convert_to(action, 'UTF8'))
            || sha256(convert_to(subject, 'UTF8'))
            || sha256(convert_to(details::text, 'UTF8'))
        )
    );
    return last_id;
end
$$;

create or replace function iam.refuse_change() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    raise exception 'the audit trail is append-only' using errcode = 'insufficient_privilege';
end
$$;

create or replace trigger refuse_change
before update or delete or truncate on iam.audit_events
for each statement execute function iam.refuse_change();

revoke all on iam.audit_events from public;
revoke all on function iam.append_event(integer, text, text, text, jsonb), iam.refuse_change() from public;
grant select on iam.audit_events to saltworks_auth;
grant execute on function iam.append_event(integer, text, text, text, jsonb) to saltworks_auth;

alter table iam.audit_events enable row level security, force row level security;
do $$
begin
    if not exists (select from pg_policy where polrelid = 'iam.audit_events'::regclass and polname = 'audit') then
        create policy audit on iam.audit_events to saltworks_audit using (true) with check (true);
        create policy auth on iam.audit_events for select to saltworks_auth using (true);
    end if;
end
$$;

reset role;
