import { holds } from './law-tests.ts'
import { law } from './laws/a-start-goes-out-once-and-a-dead-token-charges-nobody.ts'

holds(law)
