import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server as NetServer, type Socket } from 'node:net'
import {
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type ServerReadableStream,
  type ServerUnaryCall,
  type ServerWritableStream,
  type sendUnaryData,
  status,
} from '@grpc/grpc-js'
import gossipServices from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/gossip_grpc_pb.js'
import gossip from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/gossip_pb.js'
import featureServices from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/serverfeatures_grpc_pb.js'
import features from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/serverfeatures_pb.js'
import shared from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/shared_pb.js'
import services from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_grpc_pb.js'
import streams from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_pb.js'
import {
  appendAnswer,
  askedOf,
  batchAnswer,
  expectedOf,
  expectedOfBatch,
  nameOf,
  notFoundMessage,
  proposedOf,
  readMessage,
  wireError,
} from './kurrent-messages.ts'
import { type Expected, KurrentShelf, type Proposed, type ShelfEvent, type Shelved } from './kurrent-shelf.ts'

type ReadReq = InstanceType<typeof streams.ReadReq>
type ReadResp = InstanceType<typeof streams.ReadResp>
type AppendReq = InstanceType<typeof streams.AppendReq>
type AppendResp = InstanceType<typeof streams.AppendResp>
type BatchReq = InstanceType<typeof streams.BatchAppendReq>
type BatchResp = InstanceType<typeof streams.BatchAppendResp>
type ReadCall = ServerWritableStream<ReadReq, ReadResp>
type Empty = InstanceType<typeof shared.Empty>

/** What befalls the next append to a stream whose name begins so. `held`: written, and answered only when the test lets go. */
export type AppendTrouble = {
  readonly stream: string
  readonly is: 'cut-before' | 'cut-after' | 'silent-before' | 'silent-after' | 'wrong-version' | 'written-late'
}

/**
 * KurrentDB's wire without KurrentDB: its gRPC services over real sockets, in memory, with the messages that the client ships. It stands
 * for what the documentation says of the server, not for the server.
 */
export class KurrentDouble {
  readonly shelf = new KurrentShelf()
  /** Troubles of the next appends, each used once. */
  troubles: AppendTrouble[] = []
  /** Nobody is let in. */
  denied = false
  /** Appends that came in, by the stream's name. */
  readonly appends: string[] = []
  readonly #withBatch: boolean
  readonly #server = new Server()
  readonly #sockets = new Set<Socket>()
  #front: NetServer | null = null
  #port = 0
  #behind = 0
  #late: (() => void)[] = []

  private constructor(withBatch: boolean) {
    this.#withBatch = withBatch
  }

  /** `withBatch`: BatchAppend is offered, as servers since 21.10 do. */
  static async open({ withBatch = true }: { withBatch?: boolean } = {}): Promise<KurrentDouble> {
    const double = new KurrentDouble(withBatch)
    double.#offer()
    double.#behind = await new Promise((done, failed) =>
      double.#server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) =>
        error ? failed(error) : done(port),
      ),
    )
    await double.comeBack()
    return double
  }

  get url(): string {
    // The client's native half waits one interval before its first call.
    return `kurrentdb://127.0.0.1:${this.#port}?tls=false&discoveryInterval=10`
  }

  /** The address of a cluster with this one node, found by asking it. */
  get clusterUrl(): string {
    return `kurrentdb+discover://127.0.0.1:${this.#port}?tls=false&discoveryInterval=10`
  }

  /** Every connection breaks; new ones are taken. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  /** Every connection breaks, and nobody is let in until `comeBack`. */
  async goAway(): Promise<void> {
    const front = this.#front
    this.#front = null
    if (front === null) return
    const closed = once(front, 'close')
    front.close()
    this.cut()
    await closed
  }

  async comeBack(): Promise<void> {
    const front = createServer((socket) => this.#forward(socket))
    front.listen(this.#port, '127.0.0.1')
    await once(front, 'listening')
    this.#port = (front.address() as AddressInfo).port
    this.#front = front
  }

  /** What was `written-late` is written now; answers of it go to nobody. */
  writeLate(): void {
    const late = this.#late
    this.#late = []
    for (const write of late) write()
  }

  async close(): Promise<void> {
    await this.goAway()
    this.#server.forceShutdown()
  }

  #forward(socket: Socket): void {
    const behind = connect(this.#behind, '127.0.0.1')
    for (const one of [socket, behind]) {
      this.#sockets.add(one)
      one.setNoDelay()
      one.on('error', () => {})
      one.on('close', () => {
        this.#sockets.delete(one)
        socket.destroy()
        behind.destroy()
      })
    }
    socket.pipe(behind).pipe(socket)
  }

  #offer(): void {
    const untold = (_: unknown, answer: sendUnaryData<never>) => answer({ code: status.UNIMPLEMENTED })
    this.#server.addService(services.StreamsService, {
      read: (call: ReadCall) => this.#read(call),
      append: (call: ServerReadableStream<AppendReq, AppendResp>, answer: sendUnaryData<AppendResp>) =>
        this.#append(call, answer),
      batchAppend: (call: ServerDuplexStream<BatchReq, BatchResp>) => this.#batchAppend(call),
      delete: untold,
      tombstone: untold,
    })
    this.#server.addService(featureServices.ServerFeaturesService, {
      getSupportedMethods: (
        _: ServerUnaryCall<Empty, unknown>,
        answer: sendUnaryData<InstanceType<typeof features.SupportedMethods>>,
      ) => answer(null, this.#features()),
    })
    this.#server.addService(gossipServices.GossipService, {
      read: (_: ServerUnaryCall<Empty, unknown>, answer: sendUnaryData<InstanceType<typeof gossip.ClusterInfo>>) =>
        answer(null, this.#members()),
    })
  }

  #features() {
    const names = ['Read', 'Append', ...(this.#withBatch ? ['BatchAppend'] : [])]
    const methods = names.map((name) =>
      new features.SupportedMethod().setServiceName('event_store.client.streams.Streams').setMethodName(name),
    )
    return new features.SupportedMethods().setMethodsList(methods).setEventStoreServerVersion('25.1.0')
  }

  #members() {
    const endPoint = new gossip.EndPoint().setAddress('127.0.0.1').setPort(this.#port)
    const member = new gossip.MemberInfo()
      .setInstanceId(new shared.UUID().setString('00000000-0000-4000-8000-000000000001'))
      .setState(gossip.MemberInfo.VNodeState.LEADER)
      .setIsAlive(true)
      .setHttpEndPoint(endPoint)
    return new gossip.ClusterInfo().setMembersList([member])
  }

  #read(call: ReadCall): void {
    if (this.denied) return void call.emit('error', wireError(status.PERMISSION_DENIED, 'access-denied'))
    const options = call.request.getOptions()
    const name = options?.hasStream() ? nameOf(options.getStream()?.getStreamIdentifier()) : null
    if (options?.hasSubscription()) return this.#subscribe(call, name)
    const there = name === null ? this.shelf.all : this.shelf.read(name)
    if (there === 'tombstone')
      return void call.emit(
        'error',
        wireError(status.FAILED_PRECONDITION, 'stream-deleted', { 'stream-name': name as string }),
      )
    if (there === null) call.write(notFoundMessage(name as string))
    else for (const event of askedOf(call.request, there)) this.#tell(call, event)
    call.end()
  }

  #tell(call: ReadCall, event: ShelfEvent): void {
    const follows = call.request.getOptions()?.getResolveLinks() === true
    if (!follows || event.type !== '$>') call.write(readMessage(event, null))
    else call.write(readMessage(this.shelf.follow(event), event))
  }

  /** What is there after the place asked for, then `caught up`, then whatever comes. */
  #subscribe(call: ReadCall, name: string | null): void {
    const options = call.request.getOptions()
    const from = options?.getStream() ?? options?.getAll()
    const confirmation = new streams.ReadResp.SubscriptionConfirmation().setSubscriptionId('1')
    call.write(new streams.ReadResp().setConfirmation(confirmation))
    const revision = options?.getStream()?.hasRevision() ? Number(options.getStream()?.getRevision()) : -1
    let seen = from?.hasEnd() ? this.shelf.all.length - 1 : -1
    const tell = () => {
      for (const event of this.shelf.all.slice(seen + 1)) {
        seen = event.position
        if (name === null || (event.stream === name && event.revision > revision)) this.#tell(call, event)
      }
    }
    tell()
    call.write(new streams.ReadResp().setCaughtUp(new streams.ReadResp.CaughtUp()))
    const stop = this.shelf.watch(tell)
    call.on('cancelled', stop)
    call.on('close', stop)
  }

  #append(call: ServerReadableStream<AppendReq, AppendResp>, answer: sendUnaryData<AppendResp>): void {
    let options: InstanceType<typeof streams.AppendReq.Options> | undefined
    const proposed: Proposed[] = []
    call.on('error', () => {})
    call.on('data', (message: AppendReq) => {
      options ??= message.getOptions()
      const one = message.getProposedMessage()
      if (one) proposed.push(proposedOf(one))
    })
    call.on('end', () => {
      if (this.denied) return answer(wireError(status.PERMISSION_DENIED, 'access-denied'))
      const name = nameOf(options?.getStreamIdentifier())
      this.#suffer(name, proposed, expectedOf(options), (shelved) => {
        const said = appendAnswer(name, shelved, this.shelf.maxAppendSize)
        if (said instanceof Error) answer(said)
        else answer(null, said)
      })
    })
  }

  #batchAppend(call: ServerDuplexStream<BatchReq, BatchResp>): void {
    const open = new Map<
      string,
      { options: InstanceType<typeof streams.BatchAppendReq.Options> | undefined; proposed: Proposed[] }
    >()
    call.on('error', () => {})
    call.on('end', () => call.end())
    call.on('data', (message: BatchReq) => {
      if (this.denied) return void call.emit('error', wireError(status.PERMISSION_DENIED, 'access-denied'))
      const correlation = message.getCorrelationId()
      const key = JSON.stringify(correlation?.toObject())
      const batch = open.get(key) ?? { options: message.getOptions(), proposed: [] }
      open.set(key, batch)
      batch.proposed.push(...message.getProposedMessagesList().map(proposedOf))
      if (!message.getIsFinal()) return
      open.delete(key)
      const name = nameOf(batch.options?.getStreamIdentifier())
      this.#suffer(name, batch.proposed, expectedOfBatch(batch.options), (shelved) => {
        call.write(batchAnswer(correlation, name, shelved))
      })
    })
  }

  /** Writes and answers, or what the test has in store instead. */
  #suffer(name: string, proposed: readonly Proposed[], expected: Expected, answer: (shelved: Shelved) => void): void {
    this.appends.push(name)
    const index = this.troubles.findIndex(({ stream }) => name.startsWith(stream))
    const [trouble] = index < 0 ? [] : this.troubles.splice(index, 1)
    const write = () => this.shelf.append(name, proposed, expected)
    if (trouble === undefined) return answer(write())
    if (trouble.is === 'wrong-version') return answer({ is: 'wrong-version', current: null })
    if (trouble.is === 'written-late') return void this.#late.push(write)
    if (trouble.is.endsWith('after')) write()
    if (trouble.is.startsWith('cut')) this.cut()
  }
}
