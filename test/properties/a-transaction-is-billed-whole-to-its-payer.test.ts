import { holds } from './law-tests.ts'
import { law } from './laws/a-transaction-is-billed-whole-to-its-payer.ts'

holds(law)
