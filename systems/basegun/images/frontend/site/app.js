const element = (id) => document.getElementById(id);
const photo = element('photo');
const drop = element('drop');

fetch('/api/version')
  .then((response) => (response.ok ? response.text() : 'not well'))
  .catch(() => 'out of reach')
  .then((version) => {
    element('version').textContent = version;
  });

photo.addEventListener('change', showPhoto);

for (const name of ['dragover', 'dragleave', 'drop']) {
  drop.addEventListener(name, (event) => {
    event.preventDefault();
    drop.classList.toggle('over', name === 'dragover');
    if (name !== 'drop' || event.dataTransfer.files.length === 0) return;
    photo.files = event.dataTransfer.files;
    showPhoto();
  });
}

element('form').addEventListener('submit', async (event) => {
  event.preventDefault();
  const button = event.target.querySelector('button');
  button.disabled = true;
  show('problem', false);
  try {
    showAnswer(await identify(photo.files[0]));
  } catch (error) {
    element('problem').textContent = error.message;
    show('problem', true);
    show('answer', false);
  } finally {
    button.disabled = false;
  }
});

async function identify(file) {
  const body = new FormData();
  body.append('image', file);
  body.append('date', String(Date.now() / 1000));
  const response = await fetch('/api/upload', { method: 'POST', body });
  if (response.ok) return response.json();
  if (response.status === 413) throw new Error('This photo is larger than 5 MB.');
  const answer = await response.json().catch(() => undefined);
  throw new Error(answer?.detail ?? `The server answered ${response.status}.`);
}

function showPhoto() {
  const [file] = photo.files;
  element('preview').src = file ? URL.createObjectURL(file) : '';
  show('preview', Boolean(file));
  show('hint', !file);
  show('answer', false);
}

function showAnswer({ label, confidence, confidence_level: level }) {
  element('label').textContent = label.replaceAll('_', ' ');
  element('level').textContent = `${Math.round(confidence)} % sure (${level})`;
  show('answer', true);
  requestAnimationFrame(() => {
    element('confidence').style.width = `${confidence}%`;
  });
}

function show(id, isShown) {
  element(id).hidden = !isShown;
}
