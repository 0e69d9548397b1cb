import { holds } from './law-tests.ts'
import { law } from './laws/an-identity-yields-only-to-a-stronger-one.ts'

holds(law)
