using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Reflection;

namespace Fungraph.Json
{
    /// <summary>Fits what JsonReader has read into the types of a program.</summary>
    internal static class JsonShape
    {
        /// <exception cref="FormatException">The value does not fit.</exception>
        public static object Fit(object value, Type type)
        {
            type = Nullable.GetUnderlyingType(type) ?? type;
            if (value == null)
            {
                return type.IsValueType ? Activator.CreateInstance(type) : null;
            }
            if (type.IsInstanceOfType(value))
            {
                return value;
            }
            var map = value as Dictionary<string, object>;
            if (map != null)
            {
                return FitMap(map, type);
            }
            var list = value as List<object>;
            return list == null ? FitScalar(value, type) : FitList(list, type);
        }

        private static object FitMap(Dictionary<string, object> map, Type type)
        {
            Type[] parts = PartsOf(type, typeof(IDictionary<,>));
            if (parts != null && parts[0] == typeof(string))
            {
                var target = (IDictionary)Make(type, typeof(Dictionary<,>).MakeGenericType(parts));
                foreach (KeyValuePair<string, object> entry in map)
                {
                    target[entry.Key] = Fit(entry.Value, parts[1]);
                }
                return target;
            }
            if (type.IsPrimitive || type.IsArray || type == typeof(string))
            {
                throw Misfit("an object", type);
            }
            object made = Make(type, type);
            JsonMembers members = JsonMembers.Of(type);
            foreach (KeyValuePair<string, object> entry in map)
            {
                members.Set(made, entry.Key, wanted => Fit(entry.Value, wanted));
            }
            return made;
        }

        private static object FitList(List<object> list, Type type)
        {
            Type[] parts = type.IsArray ? new[] { type.GetElementType() } : PartsOf(type, typeof(IEnumerable<>));
            if (parts == null)
            {
                throw Misfit("an array", type);
            }
            Array items = Array.CreateInstance(parts[0], list.Count);
            for (int i = 0; i < list.Count; i++)
            {
                items.SetValue(Fit(list[i], parts[0]), i);
            }
            if (type.IsInstanceOfType(items))
            {
                return items;
            }
            Type whole = typeof(List<>).MakeGenericType(parts);
            return Activator.CreateInstance(type.IsAssignableFrom(whole) ? whole : type, items);
        }

        private static object FitScalar(object value, Type type)
        {
            try
            {
                var text = value as string;
                if (type.IsEnum)
                {
                    return text == null ? Enum.ToObject(type, value) : Enum.Parse(type, text, true);
                }
                if (text != null && type == typeof(DateTime))
                {
                    return DateTime.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind);
                }
                if (text != null && type == typeof(DateTimeOffset))
                {
                    return DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
                }
                if (text != null && (type == typeof(Guid) || type == typeof(Uri)))
                {
                    return Activator.CreateInstance(type, text);
                }
                if (text != null && type == typeof(byte[]))
                {
                    return Convert.FromBase64String(text);
                }
                return Convert.ChangeType(value, type, CultureInfo.InvariantCulture);
            }
            catch (Exception error) when (error is InvalidCastException || error is OverflowException || error is ArgumentException)
            {
                throw Misfit(value is string ? "a string" : value is bool ? "a boolean" : "a number", type);
            }
        }

        private static object Make(Type wanted, Type usual)
        {
            Type type = wanted.IsInterface ? usual : wanted;
            if (type.IsValueType)
            {
                return Activator.CreateInstance(type);
            }
            ConstructorInfo plain = type.IsAbstract
                ? null
                : type.GetConstructor(
                    BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic,
                    null,
                    Type.EmptyTypes,
                    null);
            if (plain == null)
            {
                throw new FormatException(type.FullName + " has no constructor without parameters");
            }
            return plain.Invoke(null);
        }

        /// <summary>The arguments with which the type is of a generic interface, or null.</summary>
        private static Type[] PartsOf(Type type, Type generic)
        {
            if (type.IsInterface && type.IsGenericType && type.GetGenericTypeDefinition() == generic)
            {
                return type.GetGenericArguments();
            }
            if (type == typeof(string))
            {
                return null;
            }
            foreach (Type one in type.GetInterfaces())
            {
                if (one.IsGenericType && one.GetGenericTypeDefinition() == generic)
                {
                    return one.GetGenericArguments();
                }
            }
            return null;
        }

        private static FormatException Misfit(string what, Type type)
        {
            return new FormatException(what + " does not fit " + type.FullName);
        }
    }
}
