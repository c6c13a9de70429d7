// Every pair of states a server has been in, as the database saw them: nothing is missed between two looks.
import { sql } from 'kysely'
import type { Store } from '../../src/platform/store/store.ts'

export interface History {
  /** `vm_state/task_state`, oldest first; `-` is no task. */
  of(serverId: string): Promise<readonly string[]>
}

const sqlite = [
  `create table test_history
     (seq integer primary key autoincrement, server_id text, vm_state text, task_state text)`,
  `create trigger test_history_new after insert on servers begin
     insert into test_history (server_id, vm_state, task_state)
       values (new.id, new.vm_state, new.task_state);
   end`,
  `create trigger test_history_change after update on servers
     when old.vm_state is not new.vm_state or old.task_state is not new.task_state begin
     insert into test_history (server_id, vm_state, task_state)
       values (new.id, new.vm_state, new.task_state);
   end`,
]

const postgres = [
  'create table test_history (seq bigserial primary key, server_id text, vm_state text, task_state text)',
  `create function test_history_add() returns trigger language plpgsql as $$ begin
     if tg_op = 'INSERT' or old.vm_state is distinct from new.vm_state
        or old.task_state is distinct from new.task_state then
       insert into test_history (server_id, vm_state, task_state)
         values (new.id, new.vm_state, new.task_state);
     end if;
     return new;
   end $$`,
  `create trigger test_history after insert or update on servers
     for each row execute function test_history_add()`,
]

/** Begins to write down the states of every server of a cloud. */
export async function recordHistory(store: Store): Promise<History> {
  for (const statement of process.env.STORE === 'postgres' ? postgres : sqlite)
    await sql.raw(statement).execute(store.db)
  return {
    async of(serverId) {
      const { rows } = await sql<{ vm_state: string; task_state: string | null }>`
        select vm_state, task_state from test_history where server_id = ${serverId} order by seq`.execute(
        store.db,
      )
      return rows.map(({ vm_state, task_state }) => `${vm_state}/${task_state ?? '-'}`)
    },
  }
}
