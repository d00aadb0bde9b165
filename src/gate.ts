import { request } from 'node:http';
import { text } from 'node:stream/consumers';

/** Variable with the path of the socket on which `berth deploy` confirms that the deployment may continue */
export const gateVariable = 'BERTH_GATE';

/**
 * Asks `berth deploy`, if it runs the engine, whether the stack is still in the state that it read. The engine holds
 * the stack's lock while a program runs, so the answer stays valid until the end.
 * @param socket empty or `undefined` if another command runs the engine: no question is asked
 * @throws with the answer's text, if the deployment may not continue
 */
export async function passGate(socket = process.env[gateVariable]): Promise<void> {
  if (!socket) return;
  const refused = await new Promise<string>((resolve, reject) => {
    const asking = request({ socketPath: socket, method: 'POST' }, (response) => {
      text(response).then((words) => resolve(response.statusCode === 204 ? '' : words || 'no answer'), reject);
    });
    asking.on('error', (error) =>
      reject(new Error(`berth deploy, which began this, does not answer: ${error.message}`)),
    );
    asking.end();
  });
  if (refused !== '') throw new Error(refused);
}
