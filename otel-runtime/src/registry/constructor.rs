//! How the loader comes to call a function for each static.
//!
//! Every object format has a section of pointers to functions that are called before `main`, or
//! when a library is loaded; C++ initialises its globals by it. One macro for each format, and no
//! macro in a macro: every step of an expansion costs the compiler time at every Site.

/// Puts a `static` on its list by the function of the third name. The function that the loader calls
/// for it goes by the second name, and stands where its path can
/// [tell the place](crate::site::SiteSpec::of_place).
#[cfg(not(any(target_vendor = "apple", windows)))]
#[doc(hidden)]
#[macro_export]
macro_rules! __register {
    ($item:ident, $place:ident, $register:ident) => {
        extern "C" fn $place() {
            $crate::__private::$register(&$item)
        }
        #[used]
        #[unsafe(link_section = ".init_array")]
        static __OTELKIT_CONSTRUCTOR: extern "C" fn() = $place;
    };
}

/// The same for Mach-O.
#[cfg(target_vendor = "apple")]
#[doc(hidden)]
#[macro_export]
macro_rules! __register {
    ($item:ident, $place:ident, $register:ident) => {
        extern "C" fn $place() {
            $crate::__private::$register(&$item)
        }
        #[used]
        #[unsafe(link_section = "__DATA,__mod_init_func,mod_init_funcs")]
        static __OTELKIT_CONSTRUCTOR: extern "C" fn() = $place;
    };
}

/// The same for Windows.
#[cfg(windows)]
#[doc(hidden)]
#[macro_export]
macro_rules! __register {
    ($item:ident, $place:ident, $register:ident) => {
        extern "C" fn $place() {
            $crate::__private::$register(&$item)
        }
        #[used]
        #[unsafe(link_section = ".CRT$XCU")]
        static __OTELKIT_CONSTRUCTOR: extern "C" fn() = $place;
    };
}

/// Puts a Site on the program's list, and what counts its calls, as [`register!`](crate::__register)
/// does with the Site alone.
#[doc(hidden)]
#[macro_export]
macro_rules! __register_calls {
    ($site:ident, $place:ident, $calls:ident $(, $extra:ident)* $(,)?) => {
        extern "C" fn $place() {
            $crate::__private::register(&$site);
            $crate::__private::register_calls(&$calls);
            $($crate::__private::register_extra(&$extra);)*
        }
        #[used]
        #[cfg_attr(
            not(any(target_vendor = "apple", windows)),
            unsafe(link_section = ".init_array")
        )]
        #[cfg_attr(
            target_vendor = "apple",
            unsafe(link_section = "__DATA,__mod_init_func,mod_init_funcs")
        )]
        #[cfg_attr(windows, unsafe(link_section = ".CRT$XCU"))]
        static __OTELKIT_CONSTRUCTOR: extern "C" fn() = $place;
    };
}

pub use crate::__register as register;
pub use crate::__register_calls as register_calls;
