import { TOY_PERSONALITIES } from '../../simulations/toy-habits.ts'
import { ocppContract } from './ocpp-contract.ts'

for (const [name, habits] of Object.entries(TOY_PERSONALITIES)) ocppContract(name, habits)
