// Asks the emulator that serves this page, with the admin token where one is needed.

const TOKEN = 'imagesearch-emulator-token';

/** What the emulator refused, in its own words; calls and the admin API have other shapes. */
export class Refused extends Error {
  constructor(status, answer) {
    super(answer.Message || answer.error || `The emulator answered with status ${status}.`);
    this.status = status;
    this.code = answer.Code ?? '';
    this.advice = answer.Recommend ?? '';
  }
}

/** Says that no answer came at all. */
export class Unreachable extends Error {
  constructor() {
    super('The emulator does not answer.');
  }
}

let token = sessionStorage.getItem(TOKEN);

/** Keeps a token for this tab. */
export function useToken(given) {
  token = given;
  sessionStorage.setItem(TOKEN, given);
}

/** Tells whether a token has been given. */
export const hasToken = () => token !== null;

/** Sends a request below `/_emulator/` and returns its answer if that is a good one. */
export async function ask(path, options = {}) {
  const headers = token === null ? {} : { authorization: `Bearer ${token}` };
  let answer;
  try {
    answer = await fetch(path, { ...options, headers });
  } catch (error) {
    throw error.name === 'AbortError' ? error : new Unreachable();
  }
  if (!answer.ok) {
    throw new Refused(answer.status, await answer.json().catch(() => ({})));
  }
  return answer;
}

/** Asks for JSON. */
export const askJson = async (path, options) => (await ask(path, options)).json();

/** Writes a path below an instance, with a query of what is neither empty nor absent. */
export function ofInstance(instance, path, query = {}) {
  const given = Object.entries(query).filter(([, value]) => value !== '' && value !== undefined);
  return `instances/${encodeURIComponent(instance)}/${path}?${new URLSearchParams(given)}`;
}
