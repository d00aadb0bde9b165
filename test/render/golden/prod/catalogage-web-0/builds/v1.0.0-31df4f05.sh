export VITE_SERVER_MODE='live'
export VITE_API_BROWSER_URL='/api'
export VITE_API_SSR_URL='http://127.0.0.1:3579'
python3 -m venv venv
venv/bin/pip install --quiet --no-cache-dir --requirement requirements.txt
cd client
npm ci --no-audit --no-fund
npm run build
npm prune --omit=dev --no-audit --no-fund
