/**
 * `standalone`: the server and all that it needs in one folder, which a container image is made of. The root is as far as
 * links to packages may lead: in the test, Next itself is installed elsewhere.
 *
 * @type {import('next').NextConfig}
 */
export default { output: 'standalone', outputFileTracingRoot: '/' }
