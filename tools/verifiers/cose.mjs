// cose.mjs -- what is used of @auth0/cose, and the import of a raw public key.
// SPDX-License-Identifier: Apache-2.0
import { webcrypto } from "node:crypto";
export { Sign1 } from "@auth0/cose";

export function importJWK(jwk) {
    return webcrypto.subtle.importKey("jwk", { kty: jwk.kty, crv: jwk.crv, x: jwk.x },
        { name: "Ed25519" }, true, ["verify"]);
}
