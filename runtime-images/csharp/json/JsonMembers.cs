using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Reflection;
using System.Runtime.Serialization;

namespace Fungraph.Json
{
    /// <summary>The properties and fields of a class that have a place in JSON.</summary>
    internal sealed class JsonMembers
    {
        private static readonly ConcurrentDictionary<Type, JsonMembers> Known =
            new ConcurrentDictionary<Type, JsonMembers>();

        /// <summary>In the order of the class, with their names in JSON.</summary>
        public readonly List<KeyValuePair<string, MemberInfo>> InOrder = new List<KeyValuePair<string, MemberInfo>>();

        private readonly Dictionary<string, MemberInfo> byName =
            new Dictionary<string, MemberInfo>(StringComparer.OrdinalIgnoreCase);

        private JsonMembers(Type type)
        {
            bool named = type.IsDefined(typeof(DataContractAttribute), true);
            foreach (MemberInfo member in type.GetMembers(BindingFlags.Public | BindingFlags.Instance))
            {
                var mark = (DataMemberAttribute)Attribute.GetCustomAttribute(member, typeof(DataMemberAttribute));
                bool hidden = member.IsDefined(typeof(IgnoreDataMemberAttribute), true);
                if (!IsValue(member) || hidden || (named && mark == null))
                {
                    continue;
                }
                string name = mark == null || mark.Name == null ? member.Name : mark.Name;
                InOrder.Add(new KeyValuePair<string, MemberInfo>(name, member));
                byName[name] = member;
            }
        }

        public static JsonMembers Of(Type type)
        {
            return Known.GetOrAdd(type, one => new JsonMembers(one));
        }

        public static object Read(MemberInfo member, object owner)
        {
            var property = member as PropertyInfo;
            return property == null ? ((FieldInfo)member).GetValue(owner) : property.GetValue(owner, null);
        }

        /// <summary>Sets the member of that name, when there is one that can be set.</summary>
        public void Set(object owner, string name, Func<Type, object> fit)
        {
            MemberInfo member;
            if (!byName.TryGetValue(name, out member))
            {
                return;
            }
            var property = member as PropertyInfo;
            if (property == null)
            {
                var field = (FieldInfo)member;
                field.SetValue(owner, fit(field.FieldType));
            }
            else if (property.CanWrite)
            {
                property.SetValue(owner, fit(property.PropertyType), null);
            }
        }

        private static bool IsValue(MemberInfo member)
        {
            var property = member as PropertyInfo;
            return property == null
                ? member is FieldInfo
                : property.CanRead && property.GetGetMethod() != null && property.GetIndexParameters().Length == 0;
        }
    }
}
