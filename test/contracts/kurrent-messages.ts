import { type Metadata, Metadata as MetadataClass, type ServiceError, status } from '@grpc/grpc-js'
import shared from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/shared_pb.js'
import statuses from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/status_pb.js'
import streams from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_pb.js'
import type { Expected, Proposed, ShelfEvent, Shelved } from './kurrent-shelf.ts'

type RecordedEvent = InstanceType<typeof streams.ReadResp.ReadEvent.RecordedEvent>
type Proposal = { getId(): Uuid | undefined; getMetadataMap(): Texts; getData_asU8(): Uint8Array } & {
  getCustomMetadata_asU8(): Uint8Array
}
type Uuid = InstanceType<typeof shared.UUID>
type Texts = { get(name: string): string | undefined }

/** Ticks of 100 ns in a millisecond. */
const TICKS = 10_000

/** An event of an append, as the shelf takes it. */
export function proposedOf(message: Proposal): Proposed {
  const texts = message.getMetadataMap()
  return {
    id: uuidText(message.getId()),
    type: texts.get('type') ?? '',
    contentType: texts.get('content-type') ?? '',
    data: message.getData_asU8(),
    meta: message.getCustomMetadata_asU8(),
  }
}

/** What an Append expects. */
export function expectedOf(options: InstanceType<typeof streams.AppendReq.Options> | undefined): Expected {
  if (options?.hasRevision()) return Number(options.getRevision())
  if (options?.hasNoStream()) return 'no-stream'
  return options?.hasStreamExists() ? 'stream-exists' : 'any'
}

/** What a BatchAppend expects. */
export function expectedOfBatch(options: InstanceType<typeof streams.BatchAppendReq.Options> | undefined): Expected {
  if (options?.hasStreamPosition()) return Number(options.getStreamPosition())
  if (options?.hasNoStream()) return 'no-stream'
  return options?.hasStreamExists() ? 'stream-exists' : 'any'
}

export const nameOf = (identifier: InstanceType<typeof shared.StreamIdentifier> | undefined): string =>
  Buffer.from(identifier?.getStreamName_asU8() ?? []).toString('utf8')

export const identifierOf = (name: string) =>
  new shared.StreamIdentifier().setStreamName(Buffer.from(name).toString('base64'))

function uuidText(uuid: Uuid | undefined): string {
  if (uuid === undefined) return ''
  if (uuid.hasString()) return uuid.getString()
  const parts = uuid.getStructured()
  const half = (bits: string | undefined) =>
    BigInt.asUintN(64, BigInt(bits ?? '0'))
      .toString(16)
      .padStart(16, '0')
  const hex = half(parts?.getMostSignificantBits()) + half(parts?.getLeastSignificantBits())
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

/** An event on its way to a reader. */
export function readMessage(event: ShelfEvent | null, link: ShelfEvent | null) {
  const read = new streams.ReadResp.ReadEvent()
  if (event !== null) read.setEvent(recordedMessage(event))
  if (link !== null) read.setLink(recordedMessage(link))
  read.setCommitPosition(String((event ?? link)?.position ?? 0))
  return new streams.ReadResp().setEvent(read)
}

function recordedMessage(event: ShelfEvent): RecordedEvent {
  const message = new streams.ReadResp.ReadEvent.RecordedEvent()
  message.setId(new shared.UUID().setString(event.id))
  message.setStreamIdentifier(identifierOf(event.stream))
  message.setStreamRevision(String(event.revision))
  message.setPreparePosition(String(event.position))
  message.setCommitPosition(String(event.position))
  message.setData(event.data)
  message.setCustomMetadata(event.meta)
  const texts = message.getMetadataMap()
  texts.set('type', event.type)
  texts.set('content-type', event.contentType)
  texts.set('created', String(event.created * TICKS))
  return message
}

export const notFoundMessage = (name: string) =>
  new streams.ReadResp().setStreamNotFound(
    new streams.ReadResp.StreamNotFound().setStreamIdentifier(identifierOf(name)),
  )

/** An answer of Append; an error where KurrentDB answers with one. */
export function appendAnswer(name: string, shelved: Shelved, max: number) {
  if (shelved.is === 'deleted') return wireError(status.FAILED_PRECONDITION, 'stream-deleted', { 'stream-name': name })
  if (shelved.is === 'too-large') {
    return wireError(status.INVALID_ARGUMENT, 'maximum-append-size-exceeded', { 'maximum-append-size': String(max) })
  }
  const answer = new streams.AppendResp()
  if (shelved.is === 'wrong-version') {
    const wrong = new streams.AppendResp.WrongExpectedVersion()
    if (shelved.current !== null) wrong.setCurrentRevision(String(shelved.current))
    else wrong.setCurrentNoStream(new shared.Empty())
    return answer.setWrongExpectedVersion(wrong.setExpectedAny(new shared.Empty()))
  }
  const success = new streams.AppendResp.Success().setCurrentRevision(String(shelved.revision))
  return answer.setSuccess(success.setNoPosition(new shared.Empty()))
}

/** An answer of BatchAppend; errors come inside it. */
export function batchAnswer(correlation: Uuid | undefined, name: string, shelved: Shelved) {
  const answer = new streams.BatchAppendResp().setCorrelationId(correlation).setStreamIdentifier(identifierOf(name))
  if (shelved.is === 'written') {
    const success = new streams.BatchAppendResp.Success().setCurrentRevision(String(shelved.revision))
    return answer.setSuccess(success)
  }
  return answer.setError(statusMessage(shelved, name))
}

/** The status that tells in a batch why not: its details are an `Any`, whose class no package here names, so it is spelled in bytes. */
function statusMessage(shelved: Shelved, name: string) {
  const [type, bytes] = detailsOf(shelved, name)
  const any = Buffer.concat([field(1, Buffer.from(`type.googleapis.com/event_store.client.${type}`)), field(2, bytes)])
  return statuses.Status.deserializeBinary(Buffer.concat([field(2, Buffer.from(type)), field(3, any)]))
}

function detailsOf(shelved: Shelved, name: string): readonly [string, Uint8Array] {
  if (shelved.is === 'deleted')
    return ['StreamDeleted', new shared.StreamDeleted().setStreamIdentifier(identifierOf(name)).serializeBinary()]
  if (shelved.is === 'too-large')
    return ['MaximumAppendSizeExceeded', new shared.MaximumAppendSizeExceeded().serializeBinary()]
  const wrong = new shared.WrongExpectedVersion()
  if (shelved.is === 'wrong-version' && shelved.current !== null)
    wrong.setCurrentStreamRevision(String(shelved.current))
  return ['WrongExpectedVersion', wrong.serializeBinary()]
}

/** A length-delimited field of protobuf. */
function field(number: number, bytes: Uint8Array): Buffer {
  const size: number[] = []
  let rest = bytes.length
  for (; rest > 127; rest >>>= 7) size.push((rest & 127) | 128)
  size.push(rest)
  return Buffer.concat([Buffer.from([(number << 3) | 2, ...size]), bytes])
}

/** An error as KurrentDB sends it: its own word stands in the trailer `exception`. */
export function wireError(
  code: status,
  exception: string,
  trailers: { readonly [name: string]: string } = {},
): ServiceError {
  const metadata: Metadata = new MetadataClass()
  metadata.set('exception', exception)
  for (const [name, value] of Object.entries(trailers)) metadata.set(name, value)
  return Object.assign(new Error(exception), { code, details: exception, metadata })
}

/** The events that a reading asks for, in its direction. */
export function askedOf(
  request: InstanceType<typeof streams.ReadReq>,
  there: readonly ShelfEvent[],
): readonly ShelfEvent[] {
  const options = request.getOptions()
  const from = options?.getStream()
  const all = options?.getAll()
  const count = Number(options?.getCount() ?? 0)
  const place = (event: ShelfEvent) => (from ? event.revision : event.position)
  const start = from?.hasRevision()
    ? Number(from.getRevision())
    : all?.hasPosition()
      ? Number(all.getPosition()?.getCommitPosition())
      : null
  if (options?.getReadDirection() === streams.ReadReq.Options.ReadDirection.BACKWARDS) {
    const before = there.filter((event) => start === null || place(event) <= start)
    return before.reverse().slice(0, count)
  }
  if (from?.hasEnd() || all?.hasEnd()) return []
  return there.filter((event) => start === null || place(event) >= start).slice(0, count)
}
