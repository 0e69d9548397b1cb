import { answer, listOf, maybeText, text } from './schema-parts.ts'

/** Schemas of recorded scenarios. */
export const SCENARIO_SCHEMAS = {
  Scenarios: answer({
    items: listOf(
      answer({
        name: text,
        edgeCase: text,
        title: text,
        given: maybeText,
        when: maybeText,
        wanted: text,
        promises: listOf(text),
      }),
    ),
    next: maybeText,
  }),
  ScenarioRecording: answer({ url: text }),
}
