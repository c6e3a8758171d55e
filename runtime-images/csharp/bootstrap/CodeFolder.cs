using System;
using System.Collections.Generic;
using System.IO;
using System.Reflection;
#if NETCOREAPP
using System.Runtime.Loader;
#endif

namespace Fungraph.Runtime
{
    /// <summary>
    /// Loads the user's assemblies. What the code brings comes before what the runtime has, except the interfaces that both must
    /// share.
    /// </summary>
    internal sealed class CodeFolder
#if NETCOREAPP
        : AssemblyLoadContext
#endif
    {
        private const string Shared = "HC.Serverless.Function.Common";

        private readonly string root;

#if NETCOREAPP
        private static readonly string Framework = Path.GetDirectoryName(typeof(object).Assembly.Location);

#if NETCOREAPP3_0_OR_GREATER
        private readonly Dictionary<string, AssemblyDependencyResolver> resolvers =
            new Dictionary<string, AssemblyDependencyResolver>();
#endif

        public CodeFolder(string root)
        {
            this.root = root;
        }

        /// <exception cref="FileNotFoundException">The code has no such file.</exception>
        public Assembly Entry(string name)
        {
            string path = PathOf(name);
#if NETCOREAPP3_0_OR_GREATER
            if (!resolvers.ContainsKey(name) && File.Exists(Path.ChangeExtension(path, ".deps.json")))
            {
                resolvers[name] = new AssemblyDependencyResolver(path);
            }
#endif
            return LoadFromAssemblyPath(path);
        }

        protected override Assembly Load(AssemblyName name)
        {
            if (name.Name == Shared)
            {
                return typeof(HC.Serverless.Function.Common.IFunctionContext).Assembly;
            }
            string path = Listed(name) ?? PathOf(name.Name);
            return File.Exists(path) && !IsOlder(path, name.Name) ? LoadFromAssemblyPath(path) : null;
        }

        protected override IntPtr LoadUnmanagedDll(string name)
        {
#if NETCOREAPP3_0_OR_GREATER
            foreach (AssemblyDependencyResolver resolver in resolvers.Values)
            {
                string listed = resolver.ResolveUnmanagedDllToPath(name);
                if (listed != null)
                {
                    return LoadUnmanagedDllFromPath(listed);
                }
            }
#endif
            foreach (string folder in new[] { root, Path.Combine(root, "runtimes/linux-x64/native") })
            {
                foreach (string file in new[] { name, "lib" + name + ".so", name + ".so", "lib" + name })
                {
                    string path = Path.Combine(folder, file);
                    if (File.Exists(path))
                    {
                        return LoadUnmanagedDllFromPath(path);
                    }
                }
            }
            return IntPtr.Zero;
        }

        /// <summary>The path by the list of dependencies that publishing writes beside an assembly.</summary>
        private string Listed(AssemblyName name)
        {
#if NETCOREAPP3_0_OR_GREATER
            foreach (AssemblyDependencyResolver resolver in resolvers.Values)
            {
                string path = resolver.ResolveAssemblyToPath(name);
                if (path != null)
                {
                    return path;
                }
            }
#endif
            return null;
        }

        /// <summary>True for what the runtime has itself, and newer.</summary>
        private static bool IsOlder(string path, string name)
        {
            string own = Path.Combine(Framework, name + ".dll");
            return File.Exists(own)
                && AssemblyName.GetAssemblyName(path).Version <= AssemblyName.GetAssemblyName(own).Version;
        }
#else
        public CodeFolder(string root)
        {
            this.root = root;
            AppDomain.CurrentDomain.AssemblyResolve += (sender, wanted) =>
            {
                string name = new AssemblyName(wanted.Name).Name;
                if (name == Shared)
                {
                    return typeof(HC.Serverless.Function.Common.IFunctionContext).Assembly;
                }
                string path = PathOf(name);
                return File.Exists(path) ? Assembly.LoadFrom(path) : null;
            };
        }

        /// <exception cref="FileNotFoundException">The code has no such file.</exception>
        public Assembly Entry(string name)
        {
            return Assembly.LoadFrom(PathOf(name));
        }
#endif

        private string PathOf(string name)
        {
            return Path.Combine(root, name + ".dll");
        }
    }
}
