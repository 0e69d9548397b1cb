import type { PostgresLine } from '../journal/postgres-line.ts'
import type { LastingNote } from '../lasting-note.ts'

const PUT = `
  INSERT INTO berth_centre.note (name, content) VALUES ($1, $2)
  ON CONFLICT (name) DO UPDATE SET content = excluded.content RETURNING name`

/** A text that the centre keeps in its database under a name. Rejects with Fault STORE_UNREACHABLE, as writing does. */
export async function centreNote(line: Pick<PostgresLine, 'read'>, name: string): Promise<LastingNote> {
  const [row] = await line.read('SELECT content FROM berth_centre.note WHERE name = $1', [name])
  const content = row?.['content']
  return {
    text: typeof content === 'string' ? content : null,
    write: async (text) => void (await line.read(PUT, [name, text])),
  }
}
