import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Fault } from '../../machines/faults.ts'
import { fold, normalize } from '../../machines/plate.ts'

/** One photograph with its true plate (normalized) and that plate's matching key. */
export type Photo = { readonly file: string; readonly plate: string; readonly key: string }

const PICTURE = /\.(jpe?g|png)$/i

/**
 * Photographs in a folder and below it that have a text beside them: file name, x, y, width, height, plate, tab separated.
 * In the order of their names. Throws Fault BODY_INVALID where there is none.
 */
export async function readPhotos(folder: string): Promise<Photo[]> {
  const names = await readdir(folder, { recursive: true }).catch(() => null)
  if (names === null)
    throw new Fault(
      'BODY_INVALID',
      {},
      { says: `There is no folder ${folder}; name one that holds photographs and their texts.` },
    )
  const photos: Photo[] = []
  for (const name of names.filter((one) => PICTURE.test(one)).sort()) {
    const file = join(folder, name)
    const truth = await readFile(file.replace(PICTURE, '.txt'), 'utf8').catch(() => null)
    const plate = normalize(truth?.split('\n')[0]?.split('\t')[5] ?? '')
    if (plate !== '') photos.push({ file, plate, key: fold(plate) })
  }
  if (photos.length > 0) return photos
  throw new Fault(
    'BODY_INVALID',
    {},
    {
      says: `${folder} holds no photograph with a text beside it (name, x, y, width, height, plate; tab separated); see --help.`,
    },
  )
}
