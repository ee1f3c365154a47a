// Requests to the server this page came from, and to nobody else.

/// What the server said was wrong, in its words.
export class Refusal extends Error {
  constructor(status, { message, hint, parameter, place } = {}) {
    super(message || `The server answered ${status}.`);
    Object.assign(this, { name: "Refusal", status, hint, parameter, place });
  }
}

/// No answer at all: the server has gone.
export class Silence extends Error {
  name = "Silence";
}

async function answer(address, options) {
  let response;
  try {
    response = await fetch(address, options);
    if (response.status === 204) return null;
    if (response.ok) return await response.json();
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Silence(String(error));
  }
  const body = await response.json().catch(() => ({}));
  throw new Refusal(response.status, body.error);
}

export const address = (table, what, parameters) =>
  `/api/tables/${encodeURIComponent(table)}${what ? "/" + what : ""}`
  + (parameters?.size ? `?${parameters}` : "");

export const ask = (table, what, parameters, signal) =>
  answer(address(table, what, parameters), { signal });

export const tables = async () => (await answer("/api/tables")).tables;

export const upload = (file) =>
  answer(`/api/tables?${new URLSearchParams({ name: file.name })}`, { method: "POST", body: file });

/// Does the latest of what is asked for, one at a time.
///
/// Work under way is let finish while it is young, or a slider in motion would abort each frame for the next
/// and show none. Past `patience` milliseconds it is aborted for what came after it, and at once for an
/// order that makes it useless.
export class Latest {
  #work; #failed; #patience; #next = null; #controller = null; #timer = 0; #since = 0;

  constructor(work, failed, patience = 500) {
    this.#work = work;
    this.#failed = failed;
    this.#patience = patience;
  }

  get isIdle() { return this.#controller === null; }

  ask(order, { supersedes = false } = {}) {
    this.#next = { order };
    if (!this.#controller) {
      this.#run();
    } else if (supersedes) {
      this.#controller.abort();
    } else {
      const age = performance.now() - this.#since;
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#controller?.abort(), Math.max(0, this.#patience - age));
    }
  }

  /// Aborts what is under way and forgets what was to follow.
  drop() {
    this.#next = null;
    this.#controller?.abort();
  }

  async #run() {
    while (this.#next) {
      const { order } = this.#next;
      this.#next = null;
      this.#controller = new AbortController();
      this.#since = performance.now();
      try {
        await this.#work(order, this.#controller.signal);
      } catch (error) {
        if (error.name !== "AbortError") this.#failed(error);
      }
      clearTimeout(this.#timer);
      this.#controller = null;
    }
  }
}
