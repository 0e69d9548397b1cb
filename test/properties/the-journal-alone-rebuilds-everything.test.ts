import { holds } from './law-tests.ts'
import { law } from './laws/the-journal-alone-rebuilds-everything.ts'

holds(law)
