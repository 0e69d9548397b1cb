import { openCentre } from '../../../src/centre/centre-server.ts'
import { systemClock } from '../../../src/clock.ts'

/** Who may look at the centre of the tests. */
export const ADMIN_TOKEN = 'a-long-token-of-the-admin'

/** A centre over this store, on a free port of this machine. */
export const openedCentre = (store: Parameters<typeof openCentre>[0]['store']): ReturnType<typeof openCentre> =>
  openCentre({
    store,
    host: '127.0.0.1',
    port: 0,
    tls: null,
    clock: systemClock,
    log: () => {},
    adminToken: ADMIN_TOKEN,
  })
