import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, extname } from 'node:path'
import { parseArgs } from 'node:util'
import { seededDice } from '../../src/demo/dice.ts'
import { openFilm } from '../../src/demo/photo-frames.ts'
import { pictureSize } from '../../src/vision/picture.ts'
import { openReader } from '../../src/vision/reader.ts'
import { labelledPhotos, regionAround } from '../../src/vision/reader-bench.ts'
import { countMisreads, type PhotoReads } from './misread-counts.ts'

/**
 * `node test/bench/measure-reader.ts FOLDER… [--without NAME,NAME] [--raw FILE]`: reads every labelled photo of the folders six times with
 * the production reader, with the small differences of `berth demo --photos`, in a zone as wide as a bay, and prints the counts that
 * simulations/reader-confusion.ts holds. `--without` leaves out photos whose label is not what the plate says. `--raw` keeps the
 * reads (they name plates: never commit them); where the file is there, its reads are counted instead.
 */
const FRAMES = 6
/** A bay is 2.5 m wide, a plate half a metre. */
const PLATES_WIDE = 5

type NamedReads = PhotoReads & { readonly name: string }

async function readAll(folder: string, keep: (photo: NamedReads) => void): Promise<NamedReads[]> {
  const all: NamedReads[] = []
  const reader = await openReader({ deadline_ms: 120_000 })
  try {
    for (const photo of await labelledPhotos(folder, (says) => void process.stderr.write(`${says}\n`))) {
      const name = basename(photo.file, extname(photo.file))
      const film = await openFilm(photo.file, seededDice(`film ${name}`))
      const zone = regionAround(photo, PLATES_WIDE, await pictureSize(await readFile(photo.file)))
      const frames: PhotoReads['frames'][number][] = []
      for (let frame = 0; frame < FRAMES; frame += 1) {
        const answer = await reader.read(await film.frame(), { zone })
        frames.push(
          (answer.zones['zone']?.reads ?? []).map(({ text, characters, agreed = false }) => ({
            text,
            characters,
            agreed,
          })),
        )
      }
      const read = { name, plate: photo.plate, frames }
      all.push(read)
      keep(read)
    }
  } finally {
    await reader.close()
  }
  return all
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { raw: { type: 'string' }, without: { type: 'string' } },
  })
  const { raw } = values
  const photos: NamedReads[] = []
  const keep = (photo: NamedReads): void => {
    if (raw !== undefined) appendFileSync(raw, `${JSON.stringify(photo)}\n`)
  }
  if (raw !== undefined && existsSync(raw))
    for (const line of readFileSync(raw, 'utf8').trim().split('\n')) photos.push(JSON.parse(line) as NamedReads)
  else for (const folder of positionals) photos.push(...(await readAll(folder, keep)))
  const left = new Set(values.without?.split(','))
  const counted = photos.filter(({ name }) => !left.has(name))
  process.stdout.write(`${JSON.stringify(countMisreads(counted, FRAMES, new Date().toISOString().slice(0, 10)))}\n`)
}

await main()
