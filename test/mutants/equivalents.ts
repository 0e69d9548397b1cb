/** Mutants that nothing can tell from the original, each argued in a sentence. Keep it short: a guard that may as well not be asked should go. */
export const EQUIVALENT: { readonly [mutant: string]: string } = {
  'a dark charge point and an empty zone end a charge that flows':
    'A live sample brings the link up, so a link that was down for absence_s carries no flow younger than lock.stale_s.',
  'a dead camera still sees':
    'A camera that is lost, or was never heard since the start, says unknown; that it is not live says nothing more.',
}
