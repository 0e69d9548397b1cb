/** Gives a token, gets a cookie, and goes back to the board. */
import { byId, make, say } from './dom.ts'
import { LOGIN_WORDS as WORDS } from './login-words.ts'
import { address, send } from './server-call.ts'

document.title = WORDS.title
const fields = { id: 'token', name: 'token', type: 'password', autocomplete: 'current-password', required: true }
const token = make('input', fields)
const says = make('p', { id: 'says', role: 'alert' })

const onsubmit = async (event: Event) => {
  event.preventDefault()
  say(says, '')
  const answer = await send(address('login'), { token: token.value })
  if (answer.ok) location.replace('/')
  else say(says, answer.says)
}
byId('sign-in').append(
  make(
    'form',
    { onsubmit },
    make('label', { for: 'token' }, WORDS.token),
    token,
    make('button', { type: 'submit' }, WORDS.signIn),
    says,
  ),
  make('p', { class: 'faint' }, WORDS.yours),
  make(
    'details',
    { class: 'faint' },
    make('summary', {}, WORDS.none),
    make('p', {}, WORDS.ask),
    make('p', {}, WORDS.make),
    make('pre', {}, 'berth token add NAME --role operator --site site.yaml'),
    make('p', {}, WORDS.first),
  ),
)
