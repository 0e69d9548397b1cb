import { holds } from './law-tests.ts'
import { law } from './laws/the-tables-do-what-the-chart-does.ts'

holds(law)
