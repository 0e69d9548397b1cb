// @ts-check
/** Gives a token, gets a cookie, and goes back to the board. */
const form = /** @type {HTMLFormElement} */ (document.getElementById('form'))
const token = /** @type {HTMLInputElement} */ (document.getElementById('token'))
const says = /** @type {HTMLElement} */ (document.getElementById('says'))

form.addEventListener('submit', async (event) => {
  event.preventDefault()
  says.textContent = ''
  try {
    const answer = await fetch('/api/login', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token: token.value }),
    })
    if (answer.ok) location.replace('/')
    else says.textContent = (await answer.json()).detail
  } catch {
    says.textContent = 'The server does not answer; try again when it runs.'
  }
})
