// Passkeys: the forms that need them come into sight where the browser has them, and are sent with its answer.
const CAN = "PublicKeyCredential" in window && "credentials" in navigator;

function toBytes(text) {
  const base64 = text.replaceAll("-", "+").replaceAll("_", "/");
  return Uint8Array.from(atob(base64), (sign) => sign.codePointAt(0));
}

function toText(buffer) {
  const signs = Array.from(new Uint8Array(buffer), (byte) => String.fromCodePoint(byte)).join("");
  return btoa(signs).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function listed(credentials) {
  return (credentials ?? []).map((one) => ({ ...one, id: toBytes(one.id) }));
}

async function asked(form) {
  const answer = await fetch(form.dataset.begin, { method: "POST", body: new FormData(form) });
  if (!answer.ok) {
    throw new Error(String(answer.status));
  }
  const { publicKey } = await answer.json();
  publicKey.challenge = toBytes(publicKey.challenge);
  return publicKey;
}

async function made(form) {
  const publicKey = await asked(form);
  publicKey.user.id = toBytes(publicKey.user.id);
  publicKey.excludeCredentials = listed(publicKey.excludeCredentials);
  const key = await navigator.credentials.create({ publicKey });
  return {
    ...plain(key),
    response: {
      clientDataJSON: toText(key.response.clientDataJSON),
      attestationObject: toText(key.response.attestationObject),
      transports: key.response.getTransports?.() ?? [],
    },
  };
}

async function used(form) {
  const publicKey = await asked(form);
  publicKey.allowCredentials = listed(publicKey.allowCredentials);
  const key = await navigator.credentials.get({ publicKey });
  const { clientDataJSON, authenticatorData, signature, userHandle } = key.response;
  return {
    ...plain(key),
    response: {
      clientDataJSON: toText(clientDataJSON),
      authenticatorData: toText(authenticatorData),
      signature: toText(signature),
      userHandle: userHandle ? toText(userHandle) : null,
    },
  };
}

function plain(key) {
  return {
    id: key.id,
    rawId: toText(key.rawId),
    type: key.type,
    clientExtensionResults: key.getClientExtensionResults(),
    authenticatorAttachment: key.authenticatorAttachment,
  };
}

for (const form of CAN ? document.querySelectorAll("form[data-passkey]") : []) {
  const failed = form.querySelector("[data-passkey-failed]");
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    // The page's other behaviours would take the button away until the form is sent.
    event.stopImmediatePropagation();
    failed.hidden = true;
    try {
      const answer = form.dataset.passkey === "make" ? await made(form) : await used(form);
      form.elements.credential.value = JSON.stringify(answer);
      form.submit();
    } catch {
      failed.hidden = false;
    }
  });
}
