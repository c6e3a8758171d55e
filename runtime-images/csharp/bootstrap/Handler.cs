using System;
using System.Collections.Generic;
using System.IO;
using System.Reflection;
using System.Runtime.ExceptionServices;
using System.Threading.Tasks;
using HC.Serverless.Function.Common;

namespace Fungraph.Runtime
{
    /// <summary>A method of the user by its name `ASSEMBLY::NAMESPACE.CLASS::METHOD`, ready to be called.</summary>
    internal sealed class Handler
    {
        private const BindingFlags Any =
            BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static;

        private static readonly Dictionary<Type, object> Objects = new Dictionary<Type, object>();

        private readonly MethodInfo method;
        private readonly object target;
        private readonly ParameterInfo[] parameters;
        private readonly Func<Stream, IFunctionContext, Stream> direct;

        private Handler(MethodInfo method, object target)
        {
            this.method = method;
            this.target = target;
            parameters = method.GetParameters();
            EventType = typeof(object);
            foreach (ParameterInfo parameter in parameters)
            {
                if (parameter.ParameterType != typeof(IFunctionContext))
                {
                    EventType = parameter.ParameterType;
                }
            }
            if (method.ReturnType == typeof(Stream) && parameters.Length == 2
                && parameters[0].ParameterType == typeof(Stream) && parameters[1].ParameterType == typeof(IFunctionContext))
            {
                direct = (Func<Stream, IFunctionContext, Stream>)Delegate.CreateDelegate(
                    typeof(Func<Stream, IFunctionContext, Stream>), target, method);
            }
        }

        /// <summary>Type of the parameter for the event.</summary>
        public Type EventType { get; }

        /// <summary>The serializer that the method or its assembly names, or null.</summary>
        public Type SerializerType
        {
            get
            {
                Attribute named = Attribute.GetCustomAttribute(method, typeof(FunctionSerializerAttribute))
                    ?? Attribute.GetCustomAttribute(method.Module.Assembly, typeof(FunctionSerializerAttribute));
                return named == null ? null : ((FunctionSerializerAttribute)named).SerializerType;
            }
        }

        /// <param name="role">`handler`, which takes an event, or what a hook is called, which takes none.</param>
        /// <exception cref="FunctionFault">There is no such method, or it cannot be a handler.</exception>
        public static Handler Find(CodeFolder code, string name, string role)
        {
            int events = role == "handler" ? 1 : 0;
            string[] parts = name.Split(new[] { "::" }, StringSplitOptions.None);
            if (parts.Length != 3 || Array.IndexOf(parts, "") >= 0)
            {
                throw Config(role + " '" + name
                    + "' must have the form ASSEMBLY::NAMESPACE.CLASS::METHOD, for example Hello::Example.Hello::Handler");
            }
            string module = "'./" + parts[0] + ".dll'";
            Type type = AssemblyOf(code, parts[0], module).GetType(parts[1]);
            if (type == null)
            {
                throw Config("class '" + parts[1] + "' of the " + role + " not found in module " + module);
            }
            foreach (MethodInfo method in type.GetMethods(Any))
            {
                if (method.Name == parts[2] && !method.IsGenericMethod && Takes(method.GetParameters(), events))
                {
                    return new Handler(method, method.IsStatic ? null : ObjectOf(type));
                }
            }
            throw Config(role + " '" + parts[2] + "' not found in module " + module + ": it takes at most "
                + (events == 0 ? "one IFunctionContext" : "one event and one IFunctionContext"));
        }

        /// <summary>Calls the method and waits for it; errors come as the method threw them.</summary>
        /// <returns>The result; null when the method has none.</returns>
        public object Call(object data, IFunctionContext context)
        {
            if (direct != null)
            {
                return direct((Stream)data, context);
            }
            var values = new object[parameters.Length];
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = parameters[i].ParameterType == typeof(IFunctionContext) ? context : data;
            }
            try
            {
                object result = method.Invoke(target, values);
                var task = result as Task;
                return task == null ? result : ResultOf(task);
            }
            catch (TargetInvocationException error)
            {
                ExceptionDispatchInfo.Capture(error.InnerException).Throw();
                throw;
            }
        }

        private static object ResultOf(Task task)
        {
            task.GetAwaiter().GetResult();
            // What an async method without a value really returns has a value that nobody may see.
            PropertyInfo result = task.GetType().GetProperty("Result");
            bool none = result == null || result.PropertyType.FullName == "System.Threading.Tasks.VoidTaskResult";
            return none ? null : result.GetValue(task, null);
        }

        private static Assembly AssemblyOf(CodeFolder code, string name, string module)
        {
            try
            {
                return code.Entry(name);
            }
            catch (FileNotFoundException)
            {
                throw new FunctionFault("FunctionLoadError", "not found module " + module);
            }
            catch (BadImageFormatException)
            {
                throw new FunctionFault("FunctionLoadError", "module " + module + " is not a .NET assembly");
            }
        }

        private static bool Takes(ParameterInfo[] parameters, int events)
        {
            int contexts = 0;
            foreach (ParameterInfo parameter in parameters)
            {
                contexts += parameter.ParameterType == typeof(IFunctionContext) ? 1 : 0;
            }
            return contexts <= 1 && parameters.Length - contexts <= events;
        }

        /// <summary>One object a class, for handler and hooks alike.</summary>
        private static object ObjectOf(Type type)
        {
            object known;
            if (Objects.TryGetValue(type, out known))
            {
                return known;
            }
            ConstructorInfo plain = type.IsAbstract ? null : type.GetConstructor(Any & ~BindingFlags.Static, null, Type.EmptyTypes, null);
            if (plain == null)
            {
                throw Config("class '" + type.FullName + "' has no constructor without parameters");
            }
            return Objects[type] = plain.Invoke(null);
        }

        private static FunctionFault Config(string message)
        {
            return new FunctionFault("FunctionConfigError", message);
        }
    }
}
