import { holds } from './law-tests.ts'
import { law } from './laws/reads-vote-in-any-order.ts'

holds(law)
