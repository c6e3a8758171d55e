const escapes = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escape = (text) => text.replace(/[&<>"]/g, (one) => escapes[one]);

exports.handler = async (event, context) => {
  const title = escape(context.getUserData("title"));
  const api = JSON.stringify(context.getUserData("api"));
  const body = `<!doctype html>
<html lang="en">
  <meta charset="utf-8">
  <title>${title}</title>
  <h1>${title}</h1>
  <p id="greeting"></p>
  <script type="module">
    const { greeting } = await (await fetch(${api})).json();
    document.getElementById("greeting").textContent = greeting;
  </script>
</html>
`;
  return {
    statusCode: 200,
    isBase64Encoded: false,
    headers: { "Content-Type": "text/html; charset=utf-8" },
    body,
  };
};
